package weir.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import weir.provider.OpenAiUsage.Shape;

/** What one vendor's answers say in another way than OpenAI's: its tables of fields. */
final class Quirks {
    /** Adds to the table of one shape; {@code at} is what stands in front of {@code usage}. */
    @FunctionalInterface
    interface More {
        Fields.Builder<OpenAiUsage> add(Fields.Builder<OpenAiUsage> fields, String at);
    }

    /** Sets right what a document said, once it has been read. */
    @FunctionalInterface
    interface Finish {
        void finish(Shape shape, OpenAiSeen seen, Peek peek);
    }

    private final Map<Shape, Fields<OpenAiUsage>> fields;
    private final Finish finish;
    private final byte[] mark;

    /**
     * Builds the tables; for static initialisers.
     *
     * @param word a field by which an event counts although it reports no usage; empty for none
     */
    Quirks(More more, Finish finish, String word) {
        Map<Shape, Fields<OpenAiUsage>> built = new EnumMap<>(Shape.class);
        for (Shape shape : Shape.values()) {
            built.put(shape, more.add(OpenAiFields.of(shape), OpenAiFields.at(shape)).build());
        }
        this.fields = Collections.unmodifiableMap(built);
        this.finish = finish;
        this.mark = word.isEmpty() ? new byte[0] : ("\"" + word + "\":").getBytes(UTF_8);
    }

    Quirks(More more) {
        this(more, (shape, seen, peek) -> {}, "");
    }

    Fields<OpenAiUsage> fields(Shape shape) {
        return Objects.requireNonNull(fields.get(shape), "there is a table for every shape");
    }

    void finish(Shape shape, OpenAiSeen seen, Peek peek) {
        finish.finish(shape, seen, peek);
    }

    boolean wants(byte[] data, int length) {
        for (int at = 0; mark.length > 0 && at <= length - mark.length; at++) {
            if (data[at] == '"' && EventReader.startsWith(data, at, length, mark)) {
                return true;
            }
        }
        return false;
    }
}
