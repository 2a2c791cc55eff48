package loadtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Set;

/**
 * What a request body asks for, in either vendor's words.
 *
 * <p>Its input tokens follow a rule that a test can compute in its head: the whitespace-separated
 * words of every string called {@code content}, {@code text}, {@code input}, {@code prompt}, {@code
 * system} or {@code instructions}, wherever it stands (an array's members bear the array's name),
 * plus one for each number in such an array (a prompt that is tokenised already).
 *
 * @param members how many values an embedding's {@code input} has
 * @param outputCap the request's own limit on output tokens; {@link Long#MAX_VALUE} where it sets
 *     none
 */
record Ask(
        String model,
        boolean stream,
        boolean includeUsage,
        long inputTokens,
        int members,
        long outputCap,
        int choices,
        int dimensions,
        boolean base64,
        Set<String> fields) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> PROMPT =
            Set.of("content", "text", "input", "prompt", "system", "instructions");
    private static final int DEFAULT_DIMENSIONS = 16;

    /** An empty body: the GET endpoints. */
    static final Ask NOTHING =
            new Ask("", false, false, 0, 0, Long.MAX_VALUE, 1, DEFAULT_DIMENSIONS, false, Set.of());

    /**
     * @throws IOException if the body is not a JSON object, or a field has a type that it cannot
     *     have
     */
    static Ask read(Buffer body) throws IOException {
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            Reader reader = new Reader(json);
            reader.object();
            return reader.ask();
        }
    }

    private static final class Reader {
        private final JsonParser json;
        private final Set<String> fields = new java.util.HashSet<>();
        private String model = "";
        private boolean stream;
        private boolean includeUsage;
        private long inputTokens;
        private int inputMembers = 1;
        private long outputCap = Long.MAX_VALUE;
        private int choices = 1;
        private int dimensions = DEFAULT_DIMENSIONS;
        private boolean base64;

        Reader(JsonParser json) {
            this.json = json;
        }

        Ask ask() {
            return new Ask(
                    model,
                    stream,
                    includeUsage,
                    inputTokens,
                    inputMembers,
                    outputCap,
                    choices,
                    dimensions,
                    base64,
                    Set.copyOf(fields));
        }

        void object() throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the body has to be a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                fields.add(name);
                JsonToken value = json.nextToken();
                switch (name) {
                    case "model" -> model = text(name, value);
                    case "stream" -> stream = value == JsonToken.VALUE_TRUE;
                    case "stream_options" -> streamOptions(value);
                    case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                            outputCap = Math.min(outputCap, number(name, value));
                    case "n" -> choices = Math.clamp(number(name, value), 1, 128);
                    case "dimensions" -> dimensions = Math.clamp(number(name, value), 1, 4096);
                    case "encoding_format" -> base64 = text(name, value).equals("base64");
                    default -> prompt(name, value);
                }
            }
        }

        private String text(String name, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                throw new IOException(name + " has to be a string");
            }
            return json.getText();
        }

        private long number(String name, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_NULL) {
                return name.equals("n") ? 1 : Long.MAX_VALUE;
            }
            if (value != JsonToken.VALUE_NUMBER_INT) {
                throw new IOException(name + " has to be a whole number");
            }
            return json.getLongValue();
        }

        private void streamOptions(JsonToken value) throws IOException {
            if (value != JsonToken.START_OBJECT) {
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken option = json.nextToken();
                if (name.equals("include_usage")) {
                    includeUsage = option == JsonToken.VALUE_TRUE;
                }
                json.skipChildren();
            }
        }

        /** Walks a value of any shape; the loop ends with the token that closes it. */
        private void prompt(String top, JsonToken first) throws IOException {
            String name = top;
            int depth = 0;
            int members = 0;
            for (JsonToken token = first; ; token = json.nextToken()) {
                if (token == null) {
                    throw new IOException("the body ends too early");
                }
                if (depth == 1 && !token.isStructEnd()) {
                    members += token == JsonToken.VALUE_NUMBER_INT ? 0 : 1;
                }
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.FIELD_NAME) {
                    name = json.currentName();
                } else if (PROMPT.contains(name)) {
                    count(token);
                }
                if (depth == 0) {
                    break;
                }
            }
            if (top.equals("input")) {
                inputMembers = Math.max(1, members);
            }
        }

        private void count(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NUMBER_INT) {
                inputTokens++;
            } else if (token == JsonToken.VALUE_STRING) {
                inputTokens += words(json.getText());
            }
        }
    }

    private static long words(String text) {
        long words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            words += !space && !inside ? 1 : 0;
            inside = !space;
        }
        return words;
    }
}
