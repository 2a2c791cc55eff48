package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** What vendors' tables do with the fields of a {@link Request}. */
final class RequestFields {
    private RequestFields() {}

    static Fields.Handler<Request> text(String field, BiConsumer<Request, String> setter) {
        return (request, token, parser) -> {
            if (token == JsonToken.VALUE_STRING && fits(parser)) {
                setter.accept(request, parser.getText());
            } else if (token != JsonToken.VALUE_NULL || field.equals("model")) {
                request.wrong(field, "a string of 1 to " + Json.MAX_TEXT + " characters", token);
            }
        };
    }

    private static boolean fits(JsonParser parser) throws IOException {
        return parser.getTextLength() > 0 && parser.getTextLength() <= Json.MAX_TEXT;
    }

    static Fields.Handler<Request> flag(String field, Consumer<Request> whenTrue) {
        return (request, token, parser) -> {
            if (token == JsonToken.VALUE_TRUE) {
                whenTrue.accept(request);
            } else if (token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
                request.wrong(field, "true, false or null", token);
            }
        };
    }

    static Fields.Handler<Request> whole(
            String field, long min, long max, ObjLongConsumer<Request> setter) {
        return (request, token, parser) -> {
            boolean small =
                    token == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (small && parser.getLongValue() >= min && parser.getLongValue() <= max) {
                setter.accept(request, parser.getLongValue());
            } else if (token != JsonToken.VALUE_NULL) {
                request.wrong(
                        field, "a whole number from " + min + " to " + max + ", or null", token);
            }
        };
    }

    /** A limit on output tokens under one of its names; the largest wins. */
    static Fields.Handler<Request> cap(String field, long min) {
        Fields.Handler<Request> number =
                whole(field, min, Request.MAX_CAP, (r, n) -> r.cap = Math.max(r.cap, n));
        return (request, token, parser) -> {
            number.value(request, token, parser);
            int at = (int) Request.offset(parser);
            if (token == JsonToken.VALUE_NULL) {
                request.nullCapAt = field.equals(request.capName) ? at : request.nullCapAt;
            } else if (!request.isWrong()) {
                int end = at + parser.getTextLength();
                request.caps.add(new OutputCap.Named(at, end, parser.getLongValue()));
            }
        };
    }

    /** The object that the cap stands in. */
    static Fields.Handler<Request> capObject(String field) {
        return (request, token, parser) -> {
            if (token == JsonToken.START_OBJECT) {
                request.capObjectAt = (int) Request.offset(parser) + 1;
            } else {
                request.wrong(field, "an object", token);
            }
        };
    }

    /** A field whose value being this word says something; any other value says nothing. */
    static Fields.Handler<Request> word(String word, Consumer<Request> then) {
        return (request, token, parser) -> {
            if (token == JsonToken.VALUE_STRING && parser.getText().equals(word)) {
                then.accept(request);
            }
        };
    }

    static Fields.Handler<Request> choices(String field) {
        return whole(field, 1, Request.MAX_CHOICES, (r, n) -> r.choices = n);
    }

    /** Completions that are made, also where fewer are given back. */
    static Fields.Handler<Request> candidates(String field) {
        return whole(field, 1, Request.MAX_CHOICES, (r, n) -> r.candidates = n);
    }

    /** A format of the answer: anything but text is something that must not break off. */
    static void format(Request request, JsonToken token, JsonParser parser) throws IOException {
        request.structured |= token != JsonToken.VALUE_STRING || !parser.getText().equals("text");
    }

    /** An image's URL, which the vendor fetches, or a data URL, which the body holds. */
    static void image(Request request, JsonToken token, JsonParser parser) {
        if (token != JsonToken.VALUE_STRING) {
            return;
        } else if (request.isDataUrl(parser)) {
            request.images++;
        } else {
            request.unseenInput = true;
        }
    }

    /** A field whose mere presence says something; null counts as absent. */
    static Fields.Handler<Request> present(Consumer<Request> then) {
        return (request, token, parser) -> {
            if (token != JsonToken.VALUE_NULL) {
                then.accept(request);
            }
        };
    }

    /**
     * Several prompts in one request are strings or arrays of tokens; one prompt may be an array of
     * tokens.
     */
    static void prompt(Request request, JsonToken token, JsonParser parser) {
        if (!token.isNumeric()) {
            request.prompts++;
        }
    }
}
