package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is hardly HTTP: an error that says so or a closed connection, and nothing gets through. */
final class HostileWireTest {
    private static final String HEAD = "POST " + CHAT_PATH + " HTTP/1.1\r\nhost: weir\r\n";

    private final FailureBench bench = new FailureBench();

    @BeforeEach
    void start() {
        bench.start();
    }

    @AfterEach
    void nothingIsLeft() {
        FailureBench.<Void>get(bench.world.provider().recorder().idle());
        FailureBench.until("nothing in flight", () -> bench.gauge("weir_in_flight") == 0);
        bench.assertServes();
        bench.close();
    }

    private void assertNothingPassed() {
        assertEquals(0, bench.world.provider().recorder().seen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\r\n\r\n",
                "hello\r\n\r\n",
                "GET\r\n\r\n",
                "GET /openai/v1/models HTTP/1.1 and more\r\n\r\n",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6"
                        + "\r\n\r\n{}   {}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: 5, 6\r\n\r\n{}   {}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: -5\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: +2\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: two\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: 0x2\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: "
                        + "99999999999999999999\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ncontent-length: "
                        + "9223372036854775807\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
                "POST /openai/v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
                        + "fffffffffffffffff\r\n",
                "POST /openai/v1/chat/completions HTTP/1.1\r\nno colon here\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\nna me: x\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\n: empty\r\n\r\n{}",
                "POST /openai/v1/chat/completions HTTP/1.1\r\nname: a\0b\r\n\r\n{}",
            })
    void whatIsNoHttpIsToldSoOrCutOff(String bytes) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(bytes.getBytes(ISO_8859_1));
            Optional<HostileSocket.Answer> answer = caller.answerIfAny();
            answer.ifPresent(a -> {
                assertTrue(a.status() >= 400 && a.status() < 500, a::toString);
                assertFalse(a.header("x-weir-reason").isEmpty(), a::toString);
                assertTrue(a.body().startsWith("{\"error\""), a::toString);
            });
        }
        assertNothingPassed();
    }

    /** Answered by Weir, or by the server below it where WebSockets are on, and hung up on. */
    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/3.0", "GET / HTTP/9.9", "GET / FTP/1.1"})
    void whatIsAnotherProtocolIsHungUpOn(String line) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(line + "\r\n\r\nSM\r\n\r\n");
            String all = caller.rest();
            assertTrue(all.isEmpty() || all.contains(" 501 ") || all.contains(" 400 "), all);
        }
        assertNothingPassed();
    }

    /** HTTP/2 may be spoken from the first byte; what follows has to be HTTP/2. */
    @Test
    void whatIsNoHttp2BehindItsPrefaceIsHungUpOn() {
        try (HostileSocket caller = bench.caller()) {
            caller.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HEAD + "\r\n");
            assertFalse(caller.rest().contains("HTTP/1.1"));
        }
        assertNothingPassed();
    }

    @Test
    void headersAreBounded() {
        try (HostileSocket caller = bench.caller()) {
            caller.offer((HEAD + "x: " + "y".repeat(100_000) + "\r\n\r\n").getBytes(ISO_8859_1));
            HostileSocket.Answer answer = caller.answer();
            assertEquals(431, answer.status(), answer::toString);
            assertTrue(answer.body().contains("headers are larger than"), answer::toString);
        }
        assertNothingPassed();
    }

    @Test
    void theRequestLineIsBounded() {
        try (HostileSocket caller = bench.caller()) {
            String line = "GET /openai/v1/models?" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n";
            caller.offer(line.getBytes(ISO_8859_1));
            HostileSocket.Answer answer = caller.answer();
            assertEquals(414, answer.status(), answer::toString);
            assertEquals("bad_request", answer.header("x-weir-reason"), answer::toString);
        }
        assertNothingPassed();
    }

    @Test
    void lengthAndChunksInOneRequestAreRefused() {
        String chunk = Integer.toHexString(CHAT.length()) + "\r\n" + CHAT + "\r\n0\r\n\r\n";
        String request = HEAD + "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n" + chunk;
        try (HostileSocket caller = bench.caller()) {
            caller.send(request);
            HostileSocket.Answer answer = caller.answer();
            assertEquals(400, answer.status(), answer::toString);
            assertTrue(answer.body().startsWith("{\"error\""), answer::toString);
        }
        assertNothingPassed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "xchunked", "identity", "chunked, gzip", "chunked, chunked"})
    void aTransferCodingThatIsNotKnownSmugglesNothing(String coding) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(HEAD + "transfer-encoding: " + coding + "\r\n\r\n" + "0\r\n\r\n");
            caller.answerIfAny()
                    .ifPresent(a -> assertTrue(a.status() >= 400 && a.status() < 500, a::toString));
        }
        assertNothingPassed();
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS * HTTP/1.1, 404",
        "CONNECT api.openai.com:443 HTTP/1.1, 404",
        "GET / HTTP/1.1, 404",
        "GET /nowhere HTTP/1.1, 404",
        "GET http://weir/nowhere HTTP/1.1, 404",
        "GET //openai/v1/models HTTP/1.1, 404",
        "GET /openai/../openai/v1/models HTTP/1.1, 400",
        "GET /openai//v1/models HTTP/1.1, 400",
        "GET /openai/v1/./models HTTP/1.1, 400",
        "GET /openai/v1/%2e%2e/models HTTP/1.1, 400",
        "GET /openai/v1/%2E/models HTTP/1.1, 400",
        "GET /openai/v1/models/.. HTTP/1.1, 400",
        "GET /openai/v1\\models HTTP/1.1, 400",
        "GET /openai/v1/%5cmodels HTTP/1.1, 400",
        "GET /openai/v1/models%00 HTTP/1.1, 400",
        "GET /anthropic/v1/%2e%2e/models HTTP/1.1, 400",
    })
    void aTargetThatLeadsNowhereOrTwoWays(String line, int status) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(line + "\r\nhost: weir\r\n\r\n");
            HostileSocket.Answer answer = caller.answer();
            assertEquals(status, answer.status(), answer::toString);
            String reason = status == 404 ? "no_route" : "bad_request";
            assertEquals(reason, answer.header("x-weir-reason"), answer::toString);
            assertEquals(
                    line.contains("anthropic") ? "error" : null,
                    new JsonObject(answer.body()).getString("type"));
        }
        assertNothingPassed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://elsewhere/openai/v1/models HTTP/1.1\r\nhost: weir\r\n\r\n",
                "GET /openai/v1/models HTTP/1.1\r\n\r\n",
                "GET /openai/v1/models HTTP/1.0\r\n\r\n",
                "GET /openai/v1/models?a=%2e%2e//b HTTP/1.1\r\nhost: weir\r\n\r\n",
            })
    void aTargetThatIsUnusualIsServed(String request) {
        try (HostileSocket caller = bench.caller()) {
            caller.send(request);
            HostileSocket.Answer answer = caller.answer();
            assertEquals(200, answer.status(), answer::toString);
        }
        String path = bench.seen(1).path();
        assertTrue(path.startsWith("/v1/models"), path);
    }

    @Test
    void anHttp10CallerGetsItsStreamWithoutChunksAndAnEnd() {
        try (HostileSocket caller = bench.caller()) {
            String body = FailureBench.CHAT_STREAM;
            caller.send(HostileSocket.post(CHAT_PATH, body).replace("HTTP/1.1", "HTTP/1.0"));
            String all = caller.rest();
            assertTrue(all.contains(" 200 "), all);
            assertFalse(all.toLowerCase(java.util.Locale.ROOT).contains("chunked"), all);
            assertTrue(all.endsWith("data: [DONE]\n\n"), all);
        }
    }

    @Test
    void anHttp10CallerThatWantsToStayIsLeftAfterAStream() {
        try (HostileSocket caller = bench.caller()) {
            String body = FailureBench.CHAT_STREAM;
            caller.send(
                    HostileSocket.post(CHAT_PATH, body, "connection: keep-alive")
                            .replace("HTTP/1.1", "HTTP/1.0"));
            assertTrue(caller.rest().endsWith("data: [DONE]\n\n"));
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (HostileSocket caller = bench.caller()) {
            String slow = HostileSocket.post(CHAT_PATH, CHAT, "x-sim: delay=100ms,tokens=3");
            String bad = HostileSocket.post("/anthropic/v1/messages", "{");
            String quick = "GET /openai/v1/models HTTP/1.1\r\nhost: weir\r\n\r\n";
            caller.send(slow + bad + quick + slow);
            assertEquals(200, caller.answer().status());
            assertEquals(400, caller.answer().status());
            assertTrue(caller.answer().body().contains("\"object\""));
            assertTrue(caller.answer().body().contains("usage"));
        }
        assertEquals(3, bench.seen(3).number());
    }

    @Test
    void aHeadHasNoBodyAndTheConnectionStays() {
        try (HostileSocket caller = bench.caller()) {
            for (Map.Entry<String, Integer> each :
                    Map.of("/openai/v1/models", 404, CHAT_PATH, 404, "/nowhere", 404).entrySet()) {
                caller.send("HEAD " + each.getKey() + " HTTP/1.1\r\nhost: weir\r\n\r\n");
                assertEquals(each.getValue(), caller.headOnly().status(), each.getKey());
            }
            caller.send(HostileSocket.post(CHAT_PATH, CHAT));
            assertEquals(200, caller.answer().status());
        }
    }
}
