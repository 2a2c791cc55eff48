package weir.key.cloud;

import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;

/**
 * What a token server answered. Its body may hold secrets, also where it is an error: nothing of it
 * gets into a message but a word that can only be an error code.
 *
 * @param from whom was asked, for messages
 */
record Answer(String from, int status, MultiMap headers, String body) {
    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,63}");
    private static final Pattern XML_CODE = Pattern.compile("<Code>([^<]*)</Code>");

    /** In a header, so no space and no line break; four times the longest known token. */
    private static final Pattern SECRET = Pattern.compile("[!-~]{1,16384}");

    /**
     * The answer as the JSON object that it should be.
     *
     * @throws ProofException if the status is not 200, or the body something else
     */
    Json json() {
        succeeded();
        JsonObject object = parsed();
        if (object == null) {
            throw new ProofException(from + ": the answer is not a JSON object");
        }
        return new Json(from, object);
    }

    /**
     * The text of an element of that name, for XML that holds it once.
     *
     * @throws ProofException if the status is not 200, or there is no such element
     */
    String element(String name) {
        succeeded();
        String open = "<" + name + ">";
        int start = body.indexOf(open);
        int end = body.indexOf("</" + name + ">", Math.max(start, 0));
        if (start < 0 || end < 0) {
            throw new ProofException(from + ": no " + name + " in the answer");
        }
        return body.substring(start + open.length(), end).strip();
    }

    /**
     * {@link #element} where it is a secret.
     *
     * @throws ProofException as that does, and for what cannot stand in a header
     */
    Secret secretElement(String name) {
        return secret(element(name), from, name);
    }

    private void succeeded() {
        if (status != 200) {
            String code = code();
            throw new ProofException(
                    from + ": answered " + status + (code.isEmpty() ? "" : " (" + code + ")"));
        }
    }

    /** OAuth says {@code error}, Entra adds numbers, Google's APIs nest, AWS says {@code Code}. */
    private String code() {
        Matcher xml = XML_CODE.matcher(body);
        if (xml.find()) {
            return word(xml.group(1));
        }
        JsonObject json = parsed();
        if (json == null) {
            return "";
        }
        Object error = json.getValue("error", json.getValue("code"));
        if (error instanceof JsonObject nested) {
            return word(nested.getValue("status"));
        }
        boolean numbered =
                json.getValue("error_codes") instanceof JsonArray codes
                        && !codes.isEmpty()
                        && codes.getValue(0) instanceof Integer;
        return word(error)
                + (numbered ? ", AADSTS" + json.getJsonArray("error_codes").getValue(0) : "");
    }

    private static String word(@Nullable Object code) {
        return code instanceof String text && CODE.matcher(text).matches() ? text : "";
    }

    private @Nullable JsonObject parsed() {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            // Its message quotes the body.
            return null;
        }
    }

    private static Secret secret(String text, String from, String name) {
        if (!SECRET.matcher(text).matches()) {
            throw new ProofException(from + ": " + name + " in the answer cannot be one");
        }
        return new Secret(text);
    }

    /** A JSON object whose members have to be there. */
    record Json(String from, JsonObject object) {
        /** Throws a {@link ProofException} where it is missing or no text. */
        String text(String name) {
            if (object.getValue(name) instanceof String text) {
                return text;
            }
            throw new ProofException(from + ": no " + name + " in the answer");
        }

        /** Throws a {@link ProofException} where it is missing or cannot stand in a header. */
        Secret secret(String name) {
            return Answer.secret(text(name), from, name);
        }

        /** A whole number, also where it is written as a text. */
        long number(String name) {
            Object value = object.getValue(name);
            if (value instanceof Integer || value instanceof Long) {
                return ((Number) value).longValue();
            }
            if (value instanceof String text && text.matches("-?[0-9]{1,18}")) {
                return Long.parseLong(text);
            }
            throw new ProofException(from + ": no " + name + " in the answer");
        }

        @Override
        public String toString() {
            return from;
        }
    }

    @Override
    public String toString() {
        return from + ": " + status;
    }
}
