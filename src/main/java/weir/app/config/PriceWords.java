package weir.app.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;

/**
 * The words for what has a price, in price books and in weir.yaml alike: {@code cached-input},
 * {@code images}; what is billed by time is priced by the hour, {@code audio-hours}.
 */
final class PriceWords {
    private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

    static {
        for (Kind kind : Kind.values()) {
            KINDS.put(word(kind), kind);
        }
    }

    private PriceWords() {}

    private static String word(Kind kind) {
        String word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return kind.per() == Kind.Per.HOUR ? word.replace("-millis", "-hours") : word;
    }

    /** Null for any other word. */
    static @Nullable Kind kind(String word) {
        return KINDS.get(word);
    }

    /** All of them, in the order of the kinds. */
    static Iterable<String> all() {
        return KINDS.keySet();
    }
}
