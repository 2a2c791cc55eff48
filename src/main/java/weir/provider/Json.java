package weir.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.usage.Usage;

/** How Weir reads JSON: by streaming parsers only, within bounds. */
final class Json {
    /** No API of any vendor nests deeper than some dozens; what nests this deep is an attack. */
    static final int MAX_DEPTH = 512;

    /** Longest text that Weir reads (a model's name, a type); longer ones are treated as absent. */
    static final int MAX_TEXT = 256;

    /**
     * Names come from strangers, so they are not interned for the life of the process. A string
     * that is read at all may be as long as the largest body; all others are skipped without being
     * decoded.
     */
    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(1_000)
                                    .maxNameLength(10_000)
                                    .maxStringLength(32 << 20)
                                    .build())
                    .build();

    /** Whatever else is a number in JSON may take gigabytes. */
    private static final Pattern SECONDS =
            Pattern.compile("-?\\d{1,20}(?:\\.\\d{1,40})?(?:[eE][+-]?\\d{1,2})?");

    private Json() {}

    /**
     * Walks one whole document.
     *
     * @return whether it was valid JSON to the end of its root value; if not, some fields may have
     *     been seen
     */
    static <S> boolean walk(Fields<S> fields, S state, byte[] bytes, int length) {
        Fields.Walk<S> walk = fields.walk(state);
        try (JsonParser parser = FACTORY.createParser(bytes, 0, length)) {
            while (!walk.done()) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return false;
                }
                walk.accept(token, parser);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Moves to the value of a member of the document's root object.
     *
     * @return the value's token; null where there is no such member
     */
    static @Nullable JsonToken find(JsonParser parser, String member) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(member);
            JsonToken value = parser.nextToken();
            if (found) {
                return value;
            }
            parser.skipChildren();
        }
        return null;
    }

    /** A member of the root object as it stands there; null where there is none, or no JSON. */
    static @Nullable String member(byte[] json, int length, String member) {
        try (JsonParser parser = FACTORY.createParser(json, 0, length)) {
            if (find(parser, member) == null) {
                return null;
            }
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            return new String(json, from, to - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }

    /** What a value is, in a message that must not quote it. */
    static String kind(JsonToken value) {
        return switch (value) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "another string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "another number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "null";
        };
    }

    /** Bytes in UTF-8 of what a scalar says; 0 for null and for what is no scalar. */
    static long scalarBytes(JsonToken token, JsonParser parser) throws IOException {
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            return 0;
        }
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        long bytes = 0;
        for (int i = from; i < from + parser.getTextLength(); i++) {
            // Half of a pair counts 2: the pair is a character of 4 bytes.
            boolean two = text[i] < 0x800 || Character.isSurrogate(text[i]);
            bytes += text[i] < 0x80 ? 1 : two ? 2 : 3;
        }
        return bytes;
    }

    /**
     * A number of tokens or calls. Fractions are rounded up, values beyond {@link Usage#MAX_AMOUNT}
     * are cut to it, negative ones to 0.
     *
     * @return -1 where the token is no number that makes sense
     */
    static long count(JsonToken token, JsonParser parser) throws IOException {
        if (!token.isNumeric()) {
            return -1;
        }
        if (token == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return Math.clamp(parser.getLongValue(), 0, Usage.MAX_AMOUNT);
        }
        try {
            return roundedUp(parser.getDecimalValue());
        } catch (NumberFormatException e) {
            // An exponent beyond an int is valid JSON, and no number that a counter can have.
            return -1;
        }
    }

    /**
     * A number of seconds in milliseconds, rounded up; negative ones are 0.
     *
     * @return -1 where the token is no number that a clock shows
     */
    static long millis(JsonToken token, JsonParser parser) throws IOException {
        if (!token.isNumeric() || !SECONDS.matcher(parser.getText()).matches()) {
            return -1;
        }
        return roundedUp(new BigDecimal(parser.getText()).movePointRight(3));
    }

    /** Looks at the size first: writing out 1e999999999 in digits would take gigabytes. */
    private static long roundedUp(BigDecimal value) {
        long integerDigits = (long) value.precision() - value.scale();
        if (value.signum() <= 0) {
            return 0;
        } else if (integerDigits > 13) {
            return Usage.MAX_AMOUNT;
        } else if (integerDigits <= 0) {
            return 1;
        }
        long rounded = value.setScale(0, RoundingMode.CEILING).longValueExact();
        return Math.min(rounded, Usage.MAX_AMOUNT);
    }
}
