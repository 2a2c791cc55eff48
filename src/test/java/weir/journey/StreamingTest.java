package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Map;
import loadtest.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers pass as they come, at once and untouched, and connections are used again. */
final class StreamingTest {
    /** In each event of a stream whose usage was asked for, as Weir does. */
    private static final String NO_USAGE_YET = ",\"usage\":null";

    private static final String MESSAGES =
            "{\"model\":\"claude-haiku-5-5\",\"max_tokens\":20,\"stream\":true,\"messages\":[]}";

    private final FailureBench bench = new FailureBench();

    @BeforeEach
    void start() {
        bench.start();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static int events(String text) {
        return text.split("data: ", -1).length - 1;
    }

    @Test
    void theHeadIsThereBeforeTheFirstEvent() {
        try (HostileSocket caller = bench.calling(CHAT_STREAM, "stall=after-chunks:0")) {
            HostileSocket.Answer head = caller.headOnly();
            assertEquals(200, head.status());
            assertTrue(head.header("content-type").startsWith("text/event-stream"));
            assertFalse(head.header("x-weir-request-id").isEmpty());
            assertFalse(head.header("ratelimit").isEmpty());
            assertEquals(0, bench.seen(1).bytesWritten());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyEventIsThereBeforeTheNextOneIsMade(int count) {
        try (HostileSocket caller =
                bench.calling(CHAT_STREAM, "tokens=20,stall=after-chunks:" + count)) {
            StringBuilder seen = new StringBuilder(caller.until("\r\n\r\n"));
            while (events(seen.toString()) < count) {
                seen.append(caller.until("\n\n"));
            }
            assertEquals(count, events(seen.toString()), seen::toString);
        }
    }

    @Test
    void connectionsToTheProviderAndOfTheCallerAreUsedAgain() {
        try (HostileSocket caller = bench.caller()) {
            for (int i = 0; i < 10; i++) {
                caller.send(HostileSocket.post(CHAT_PATH, i % 2 == 0 ? CHAT : CHAT_STREAM));
                assertEquals(200, caller.answer().status());
            }
        }
        Recorder recorder = bench.world.provider().recorder();
        assertEquals(10, recorder.seen());
        assertEquals(1, recorder.connectionsOpened());
    }

    @ParameterizedTest
    @CsvSource({CHAT_PATH + ", false", "/anthropic/v1/messages, true"})
    void theCostStandsInATrailerOnRequest(String path, boolean anthropic) {
        HostileSocket.Answer answer = streamed(path, anthropic, "x-weir-cost: trailer");
        assertEquals("x-weir-cost-usd", answer.header("trailer"));
        String trailer = answer.header("trailer x-weir-cost-usd");
        assertCost(trailer.substring(trailer.indexOf(':') + 1).strip());
        assertFalse(answer.body().contains("x-weir"), answer::toString);
    }

    @ParameterizedTest
    @CsvSource({CHAT_PATH + ", false", "/anthropic/v1/messages, true"})
    void theCostStandsInAClosingCommentOnRequest(String path, boolean anthropic) {
        HostileSocket.Answer answer = streamed(path, anthropic, "x-weir-cost: comment");
        String mark = "\n\n: x-weir-cost-usd=";
        int at = answer.body().indexOf(mark);
        assertTrue(at > 0 && answer.body().endsWith("\n\n"), answer::toString);
        assertCost(answer.body().substring(at + mark.length()).strip());
    }

    private HostileSocket.Answer streamed(String path, boolean anthropic, String header) {
        String body = anthropic ? MESSAGES : CHAT_STREAM;
        try (HostileSocket caller = bench.caller()) {
            caller.send(HostileSocket.post(path, body, header, "anthropic-version: 2023-06-01"));
            HostileSocket.Answer answer = caller.answer();
            assertEquals(200, answer.status(), answer::toString);
            return answer;
        }
    }

    private void assertCost(String usd) {
        JsonObject line = bench.line();
        assertTrue(line.getLong("cost_nano_usd") > 0, line::encode);
        assertEquals(
                line.getLong("cost_nano_usd"), FailureBench.nano(new BigDecimal(usd).toString()));
    }

    /**
     * The provider counts its calls in what it answers, hence two providers that have seen none.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | " + CHAT_PATH + " | plain | ",
                "POST | " + CHAT_PATH + " | plain | chunks=9,chunk-delay=1ms",
                "POST | " + CHAT_PATH + " | plain | bytes=3000000",
                "POST | " + CHAT_PATH + " | plain | status=500",
                "POST | " + CHAT_PATH + " | plain | status=429,retry-after=3",
                "POST | " + CHAT_PATH + " | plain | garbage",
                "POST | " + CHAT_PATH + " | stream | ",
                "POST | " + CHAT_PATH + " | stream | bytes=3000000",
                "POST | " + CHAT_PATH + " | stream | error-in-stream",
                "POST | " + CHAT_PATH + " | usage | ",
                "POST | /openai/v1/responses | plain | ",
                "POST | /openai/v1/responses | stream | ",
                "POST | /anthropic/v1/messages | plain | ",
                "POST | /anthropic/v1/messages | stream | ",
                "POST | /openai/v1/files | plain | ",
                "GET | /openai/v1/models | none | ",
                "HEAD | /openai/v1/models | none | ",
                "DELETE | /openai/v1/models/x | none | ",
            })
    void anAnswerIsWhatTheProviderSaidByteForByte(
            String method, String path, String kind, String sim) {
        HostileSocket.Answer through = exchange(bench.weir().port(), method, path, body(kind), sim);
        String below = path.substring(path.indexOf('/', 1));
        try (FailureBench other = new FailureBench()) {
            int port = other.world.provider().port();
            HostileSocket.Answer direct = exchange(port, method, below, body(kind), sim);
            assertEquals(direct.status(), through.status());
            assertEquals(direct.headers(), withoutOurs(through.headers()));
            boolean asked = kind.equals("stream") && path.equals(CHAT_PATH);
            String said = asked ? through.body().replace(NO_USAGE_YET, "") : through.body();
            assertEquals(timeless(direct.body()), timeless(said));
        }
    }

    private static String body(String kind) {
        String head = "{\"model\":\"gpt-6-luna\",\"max_tokens\":20,\"messages\":[],\"input\":\"x\"";
        return switch (kind) {
            case "stream" -> head + ",\"stream\":true}";
            case "usage" -> head + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
            case "none" -> "";
            default -> head + "}";
        };
    }

    private static HostileSocket.Answer exchange(
            int port, String method, String path, String body, String sim) {
        try (HostileSocket caller = new HostileSocket(port)) {
            String version = path.contains("messages") ? "anthropic-version: 2023-06-01" : "x-a: b";
            String request =
                    HostileSocket.post(
                            path,
                            body,
                            "authorization: Bearer a",
                            "x-sim: " + (sim == null ? "" : sim),
                            version);
            caller.send(request.replaceFirst("POST", method));
            return method.equals("HEAD") ? caller.headOnly() : caller.answer();
        }
    }

    private static Map<String, String> withoutOurs(Map<String, String> headers) {
        headers.keySet()
                .removeIf(name -> name.startsWith("x-weir-") || name.startsWith("ratelimit"));
        return headers;
    }

    /** Without the second in which it was made. */
    private static String timeless(String body) {
        return body.replaceAll("(\"created(_at)?\": ?)\\d+", "$1");
    }
}
