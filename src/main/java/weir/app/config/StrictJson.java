package weir.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a JSON document and forgives nothing. Every error is a {@link Refused} that names the line,
 * the path, what was found and what is allowed.
 */
final class StrictJson {
    private final String document;
    private final JsonParser json;

    /** Stands before the document's first token. */
    StrictJson(String document, JsonParser json) throws IOException {
        this.document = document;
        this.json = json;
        json.nextToken();
    }

    /** What is wrong with a document, and where. */
    @SuppressWarnings("serial") // Nobody serialises it.
    static final class Refused extends IllegalArgumentException {
        private final int line;
        private final String field;
        private final String found;
        private final String allowed;

        Refused(String document, int line, String field, String found, String allowed) {
            super(
                    document
                            + ", line "
                            + line
                            + (field.isEmpty() ? "" : ", " + field)
                            + ": found "
                            + found
                            + "; allowed is "
                            + allowed);
            this.line = line;
            this.field = field;
            this.found = found;
            this.allowed = allowed;
        }

        int line() {
            return line;
        }

        /** Path to the value, such as {@code /rows/0/context}. */
        String field() {
            return field;
        }

        String found() {
            return found;
        }

        String allowed() {
            return allowed;
        }
    }

    interface Item {
        void read() throws IOException;
    }

    interface Field {
        void read(String name) throws IOException;
    }

    boolean isArray() {
        return json.currentToken() == JsonToken.START_ARRAY;
    }

    /** Calls {@code field} with each name, standing on its value. */
    void object(Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw refused("an object");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            field.read(name);
        }
    }

    /** Calls {@code item} on each element. */
    void array(Item item) throws IOException {
        if (!isArray()) {
            throw refused("an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            item.read();
        }
    }

    void end() throws IOException {
        if (json.nextToken() != null) {
            throw refused("nothing after the first object");
        }
    }

    String string() throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused("a string");
        }
        return json.getText();
    }

    List<String> strings() throws IOException {
        List<String> strings = new ArrayList<>();
        array(() -> strings.add(string()));
        return strings;
    }

    /** A whole number from 0 to {@code max}. */
    long whole(long max) throws IOException {
        boolean whole =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!whole || json.getLongValue() < 0 || json.getLongValue() > max) {
            throw refused("a whole number from 0 to " + max);
        }
        return json.getLongValue();
    }

    <T> T needed(@Nullable T value, String field) throws IOException {
        if (value == null) {
            throw refused("an object that has " + field);
        }
        return value;
    }

    /** What {@code made} makes; its complaint, if it has one, with the place added. */
    <T> T allowed(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw refused("what does not fit", String.valueOf(e.getMessage()));
        }
    }

    Refused unknown(String known) {
        return refused("no such field", known);
    }

    Refused refused(String allowed) throws IOException {
        String text = json.getText();
        String found = text == null ? "the end" : text.substring(0, Math.min(text.length(), 40));
        return refused("'" + found + "'", allowed);
    }

    private Refused refused(String found, String allowed) {
        int line = json.currentTokenLocation().getLineNr();
        String field = json.getParsingContext().pathAsPointer().toString();
        return new Refused(document, line, field, found, allowed);
    }
}
