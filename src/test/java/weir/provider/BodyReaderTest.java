package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.usage.Usage;
import weir.usage.UsageLine;

/**
 * Strings that are cut short on their way to the parser must not change what stands beside them.
 */
final class BodyReaderTest {
    private static final String USAGE =
            "'model':'m','usage':{'prompt_tokens':3,'completion_tokens':4}";

    private static UsageReader reader() {
        Peek peek =
                new Peek(
                        "asked",
                        false,
                        9,
                        OptionalLong.empty(),
                        1,
                        1,
                        0,
                        false,
                        false,
                        Usage.NONE,
                        List.of(),
                        false,
                        List.of(),
                        false,
                        null,
                        null);
        return new OpenAi()
                .usageReader(
                        new Endpoint("chat.completions", Endpoint.Cost.METERED),
                        peek,
                        new Answer(AnswerShape.BODY, "", MultiMap.caseInsensitiveMultiMap()));
    }

    private static Buffer json(String text) {
        return Buffer.buffer(text.replace('\'', '"'));
    }

    private static void assertRead(UsageReader reader) {
        assertEquals(
                List.of(new UsageLine("m", Usage.ofTokens(3, 4), List.of())),
                reader.report().lines());
        assertTrue(reader.report().complete());
    }

    /** Shifted by each of eight bytes, so that the bound falls on every part of a character. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "é",
                "✓",
                "😀",
                "\\u00e9",
                "\\ud83d\\ude00",
                "\\\\",
                "\\'",
                "\\n",
                "{}[]:,"
            })
    void longStrings(String piece) {
        for (int shift = 0; shift < 8; shift++) {
            String text = "x".repeat(shift) + piece.repeat(3 * BodyReader.MAX_STRING_BYTES);
            UsageReader reader = reader();
            Buffer body = json("{'" + "n".repeat(shift) + "':'" + text + "'," + USAGE + "}");
            for (int at = 0; at < body.length(); at += 1000) {
                reader.read(body.getBuffer(at, Math.min(body.length(), at + 1000)));
            }
            assertRead(reader);
        }
    }

    @Test
    void aStringOfAHundredMegabytesIsNotKept() {
        UsageReader reader = reader();
        reader.read(json("{'image':'"));
        Buffer megabyte = Buffer.buffer("A".repeat(1 << 20));
        for (int i = 0; i < 100; i++) {
            assertSame(megabyte, reader.read(megabyte));
        }
        reader.read(json("'," + USAGE + "}"));
        assertRead(reader);
        assertTrue(reader.report().outputBytes() > 100 << 20);
    }

    @Test
    void nothingIsBelievedBeforeTheEnd() {
        UsageReader reader = reader();
        reader.read(json("{" + USAGE));
        assertFalse(reader.report().complete());
        assertEquals(List.of(), reader.report().lines());
        reader.read(json("}"));
        assertRead(reader);
        reader.read(json("}}}garbage"));
        reader.end();
        assertRead(reader);
    }
}
