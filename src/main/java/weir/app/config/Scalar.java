package weir.app.config;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kind of value in weir.yaml: how its text becomes a value of the program, and the words for
 * what is allowed where it does not.
 */
record Scalar<T>(String allowed, Reader<T> reader) {
    /** Returns null for a text that is not allowed. */
    interface Reader<T> {
        @Nullable T read(String text);
    }

    static <T> Scalar<T> words(Map<String, T> values) {
        return new Scalar<>(String.join(", ", values.keySet()), values::get);
    }

    /** The constants' names in lower case, with dashes. */
    static <E extends Enum<E>> Scalar<E> words(Class<E> type) {
        Map<String, E> values = new LinkedHashMap<>();
        EnumSet.allOf(type)
                .forEach(c -> values.put(c.name().toLowerCase(Locale.ROOT).replace('_', '-'), c));
        return words(values);
    }
}
