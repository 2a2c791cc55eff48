package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

/**
 * How OpenAI and its imitators are asked for the usage of a stream: the fewest bytes that turn what
 * the body says into {@code "stream_options":{"include_usage":true}}. Everything else in the body
 * stays as the caller wrote it.
 */
final class UsageAsk {
    private static final String OPTIONS = "stream_options";
    private static final String INCLUDE = "include_usage";
    private static final String ASK = "\"" + INCLUDE + "\":true";

    private final byte[] body;
    private boolean asked;

    /** Where the values begin in the body; -1 where they are absent. */
    private int optionsAt = -1;

    private int includeAt = -1;
    private boolean optionsAreAnObject;

    UsageAsk(byte[] body) {
        this.body = body;
    }

    /** Adds the fields that the edit depends on to a table. */
    static Fields.Builder<Request> addTo(Fields.Builder<Request> fields) {
        return fields.on(
                        OPTIONS,
                        (request, token, parser) ->
                                request.usageAsk().options(request, token, parser))
                .on(
                        OPTIONS + "." + INCLUDE,
                        (request, token, parser) ->
                                request.usageAsk().include(request, token, parser));
    }

    private void options(Request request, JsonToken token, JsonParser parser) {
        optionsAt = (int) Request.offset(parser);
        optionsAreAnObject = token == JsonToken.START_OBJECT;
        if (!optionsAreAnObject && token != JsonToken.VALUE_NULL) {
            request.wrong(OPTIONS, "an object or null", token);
        }
    }

    private void include(Request request, JsonToken token, JsonParser parser) {
        includeAt = (int) Request.offset(parser);
        asked = token == JsonToken.VALUE_TRUE;
        if (!token.isBoolean() && token != JsonToken.VALUE_NULL) {
            request.wrong(OPTIONS + "." + INCLUDE, "true, false or null", token);
        }
    }

    /** What to change in a valid body; null where the caller asks already. */
    Peek.@Nullable BodyEdit edit() {
        if (asked) {
            return null;
        } else if (includeAt >= 0) {
            return new Peek.BodyEdit(includeAt, wordEnd(includeAt), "true");
        } else if (optionsAreAnObject) {
            return insert(optionsAt, ASK);
        } else if (optionsAt >= 0) {
            return new Peek.BodyEdit(optionsAt, wordEnd(optionsAt), "{" + ASK + "}");
        }
        return insert(skipSpace(body, 0), "\"" + OPTIONS + "\":{" + ASK + "}");
    }

    /** Puts a member in front of the others of the object whose brace stands there. */
    private Peek.BodyEdit insert(int brace, String member) {
        boolean empty = body[skipSpace(body, brace + 1)] == '}';
        return new Peek.BodyEdit(brace + 1, brace + 1, empty ? member : member + ",");
    }

    /** The end of {@code null} or {@code false}. */
    private int wordEnd(int at) {
        int end = at;
        while (Character.isLetter(body[end])) {
            end++;
        }
        return end;
    }

    static int skipSpace(byte[] json, int from) {
        int at = from;
        while (at < json.length
                && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')) {
            at++;
        }
        return at;
    }
}
