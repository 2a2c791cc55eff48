package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are no good: an error in the caller's dialect, never a 500, and nothing is held. */
final class HostileInputTest {
    private static final int MAX_BODY_BYTES = 32 << 20;

    private final FailureBench bench = new FailureBench();

    @BeforeEach
    void start() {
        bench.start();
    }

    @AfterEach
    void nothingIsLeft() {
        bench.assertQuiet(0);
        assertEquals(0, bench.world.provider().recorder().seen());
        bench.assertServes();
        bench.close();
    }

    /** What no JSON is, or not the object that it should be. */
    private static final List<String> BROKEN =
            List.of(
                    "",
                    " ",
                    "{",
                    "null",
                    "[]",
                    "\"model\"",
                    "{}",
                    "{\"model\":null}",
                    "{\"model\":7}",
                    "{\"model\":[\"gpt-6-luna\"]}",
                    "{\"model\":\"\"}",
                    "{\"model\":\"" + "m".repeat(100_000) + "\"}",
                    "{\"model\":\"gpt-6-luna\"} {}",
                    "{\"model\":\"gpt-6-luna\"}x",
                    "{\"model\":\"gpt-6-luna\",\"model\":\"gpt-6\"}",
                    "{\"model\":\"gpt-6-luna\",\"mo\\u0064el\":\"gpt-6\"}",
                    "{\"model\":\"gpt-6-luna\",'stream':true}",
                    "{\"model\":\"gpt-6-luna\",}",
                    "{\"model\":\"gpt-6-luna\",\"a\":\"\u0001\"}",
                    "{\"model\":\"gpt-6-luna\",\"a\":01}",
                    "{\"model\":\"gpt-6-luna\",\"a\":" + "[".repeat(100_000));

    private static final List<String> NO_COUNTS =
            List.of(
                    "NaN",
                    "Infinity",
                    "-1",
                    "1.5",
                    "1e3",
                    "1e400",
                    "true",
                    "\"20\"",
                    "{}",
                    "9223372036854775808",
                    "9".repeat(900),
                    "9".repeat(100_000));

    private static final List<String> NO_FLAGS = List.of("1", "\"yes\"", "[]", "{}");

    /** In an encoding that is not UTF-8, or not all the way. */
    private static final List<byte[]> MISCODED =
            List.of(
                    "{\"model\":\"gpt-\u00ff\u00fe\"}".getBytes(ISO_8859_1),
                    "{\"model\":\"gpt-6-luna\",\"a\":\"\u00c3(\"}".getBytes(ISO_8859_1),
                    "\u00ef\u00bb\u00bf{\"model\":".getBytes(ISO_8859_1),
                    "{\"model\":\"gpt-6-luna\"}".getBytes(UTF_16),
                    new byte[1_000]);

    static Stream<byte[]> malformed() {
        Stream<String> counts = NO_COUNTS.stream().map(n -> with("max_tokens", n));
        Stream<String> flags = NO_FLAGS.stream().map(f -> with("stream", f));
        Stream<byte[]> texts =
                Stream.of(BROKEN.stream(), counts, flags)
                        .flatMap(some -> some.map(text -> text.getBytes(UTF_8)));
        return Stream.concat(texts, MISCODED.stream());
    }

    private static String with(String field, String value) {
        return "{\"model\":\"gpt-6-luna\",\"" + field + "\":" + value + "}";
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aBodyThatCannotBeRead(byte[] body) {
        assertBadRequest(CHAT_PATH, body);
        HostileSocket.Answer answer = assertBadRequest("/anthropic/v1/messages", body);
        JsonObject dialect = new JsonObject(answer.body());
        assertEquals("error", dialect.getString("type"));
        assertEquals("invalid_request_error", dialect.getJsonObject("error").getString("type"));
    }

    private HostileSocket.Answer assertBadRequest(String path, byte[] body) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(head(path, "content-length: " + body.length)).offer(body);
            HostileSocket.Answer answer = caller.answer();
            String shown = path + " " + new String(body, 0, Math.min(80, body.length), ISO_8859_1);
            assertEquals(400, answer.status(), () -> shown + " " + answer);
            assertEquals("bad_request", answer.header("x-weir-reason"), answer::toString);
            assertEquals("false", answer.header("x-should-retry"), answer::toString);
            assertTrue(answer.body().length() < 2_000, "nothing is quoted back at length");
            return answer;
        }
    }

    private static String head(String path, String... lines) {
        return "POST "
                + path
                + " HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n"
                + String.join("\r\n", lines)
                + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT_PATH, "/anthropic/v1/messages"})
    void aBodyThatSaysItIsTooLargeIsNotEvenReceived(String path) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(
                    head(path, "content-length: " + (MAX_BODY_BYTES + 1), "expect: 100-continue"));
            assertTooLarge(caller.answer());
        }
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsAnsweredAllTheSame() {
        try (HostileSocket caller = bench.caller()) {
            caller.send(head(CHAT_PATH, "content-length: " + (MAX_BODY_BYTES + 1)));
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 33 && caller.offer(megabyte); i++) {
                megabyte[0] = ' ';
            }
            assertTooLarge(caller.answer());
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOff() {
        try (HostileSocket caller = bench.caller()) {
            caller.send(head(CHAT_PATH, "transfer-encoding: chunked"));
            byte[] chunk = ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").getBytes(UTF_8);
            int sent = 0;
            while (sent < 40 && caller.offer(chunk)) {
                sent++;
            }
            assertTrue(sent > 31, "cut off after " + sent + " MiB");
            assertTooLarge(caller.answer());
            assertEquals("", caller.rest(), "and the connection is closed");
        }
    }

    private static void assertTooLarge(HostileSocket.Answer answer) {
        assertEquals(413, answer.status(), answer::toString);
        assertEquals("too_large", answer.header("x-weir-reason"), answer::toString);
        assertTrue(answer.body().contains("error"), answer::toString);
    }

    @Test
    void aBombIsNotUnpackedPastTheBound() throws IOException {
        byte[] bomb = gzip(1L << 30);
        assertTrue(bomb.length < 2 << 20, "a small one: " + bomb.length);
        try (HostileSocket caller = bench.caller()) {
            caller.send(
                    head(CHAT_PATH, "content-encoding: gzip", "content-length: " + bomb.length));
            caller.send(bomb);
            assertTooLarge(caller.answer());
        }
    }

    private static byte[] gzip(long zeros) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] megabyte = new byte[1 << 20];
            for (long i = 0; i < zeros; i += megabyte.length) {
                gzip.write(megabyte);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "x-gzip", "br", "zstd", "gzip, gzip", "??"})
    void aBodyThatIsNotCodedAsItSays(String coding) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(
                    head(
                            CHAT_PATH,
                            "content-encoding: " + coding,
                            "content-length: " + CHAT.length()));
            caller.send(CHAT);
            HostileSocket.Answer answer = caller.answer();
            assertEquals(400, answer.status(), answer::toString);
            assertEquals("bad_request", answer.header("x-weir-reason"));
        }
    }
}
