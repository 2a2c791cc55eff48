package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import loadtest.Lab.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each word that makes the simulated provider misbehave. */
final class BehaviourTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","messages":[{"role":"user","content":"one two three"}]}\
            """;
    private static final String STREAM = CHAT.replace("}]}", "}],\"stream\":true}");

    private final Lab lab = new Lab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void failsInTheVendorsWords() {
        Reply openAi = lab.call(PATH, "status=429,retry-after=7,code=insufficient_quota", CHAT);
        assertEquals(429, openAi.status());
        assertEquals("7", openAi.head().getHeader("retry-after"));
        assertEquals("insufficient_quota", openAi.json().getJsonObject("error").getString("code"));
        String body = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}";
        Reply anthropic = lab.call("/v1/messages", "status=529", body);
        assertEquals(529, anthropic.status());
        assertEquals("overloaded_error", anthropic.json().getJsonObject("error").getString("type"));
        assertEquals(
                anthropic.head().getHeader("request-id"), anthropic.json().getString("request_id"));
    }

    @Test
    void failsOnlyAtFirst() {
        String script = "fail-first=2,status=503,id=a";
        assertEquals(503, lab.call(PATH, script, CHAT).status());
        assertEquals(503, lab.call(PATH, script, CHAT).status());
        assertEquals(200, lab.call(PATH, script, CHAT).status());
        assertEquals(500, lab.call(PATH, "fail-first=1,id=b", CHAT).status());
    }

    @Test
    void saysWhatItCannotDo() {
        Reply word = lab.call(PATH, "tokens=3,fly", CHAT);
        assertEquals(400, word.status());
        assertTrue(word.body().toString().contains("fly"));
        assertEquals(400, lab.call(PATH, "", "{").status());
        Reply field = lab.call(PATH, "", "{\"model\":\"m\"}");
        assertEquals(400, field.status());
        assertTrue(field.body().toString().contains("messages: Field required"));
        assertEquals(404, lab.call("/v1/nothing", "", CHAT).status());
        assertEquals(404, lab.call(PATH, "", "").status());
        assertThrows(IllegalArgumentException.class, () -> lab.provider().behave("fly"));
    }

    @Test
    void wantsCredentials() {
        RequestOptions request =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(lab.provider().baseUrl() + "/v1/messages");
        assertEquals(401, status(request, CHAT));
        request.putHeader("x-api-key", "key");
        assertEquals(400, status(request, CHAT));
        String body = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}";
        request.putHeader("anthropic-version", "2023-06-01");
        assertEquals(200, status(request, body));
    }

    @Test
    void acceptsOnlyTheKeysItKnows() {
        try (Lab strict =
                new Lab(SimulatedOptions.DEFAULT.withKeys("other"), new HttpClientOptions())) {
            Reply reply = strict.call(PATH, "", CHAT);
            assertEquals(401, reply.status());
            assertEquals("invalid_api_key", reply.json().getJsonObject("error").getString("code"));
        }
    }

    @Test
    void cutsAfterExactlySoManyBytes() {
        Received received = receive("cut=after-bytes:500", STREAM);
        assertThrows(AssertionError.class, () -> Lab.get(received.end()));
        assertEquals(500, received.body().length());
        Received plain = receive("cut=after-bytes:10", CHAT);
        assertThrows(AssertionError.class, () -> Lab.get(plain.end()));
        assertEquals(10, plain.body().length());
        assertEquals(Exchange.Ending.CUT, Lab.get(lab.recorder().last().ended()));
        assertEquals(2, lab.recorder().count(Exchange.Ending.CUT));
    }

    @Test
    void cutsAfterSoManyChunks() {
        Received received = receive("cut=after-chunks:3", STREAM);
        assertThrows(AssertionError.class, () -> Lab.get(received.end()));
        assertEquals(3, Lab.events(received.body().toString()).size());
    }

    @Test
    void resetsBeforeTheHeaders() {
        assertThrows(AssertionError.class, () -> lab.call(PATH, "reset=before-headers", CHAT));
        assertEquals(0, lab.recorder().last().bytesWritten());
    }

    @Test
    void stallsUntilTheClientLeaves() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        HttpClientResponse response =
                Lab.get(
                        lab.send(
                                PATH,
                                "stall=after-chunks:2",
                                STREAM,
                                r -> r.handler(b -> first.complete(null))));
        Lab.get(first);
        Exchange exchange = lab.recorder().last();
        assertFalse(exchange.ended().isDone());
        assertEquals(1, lab.recorder().inFlight());
        response.request().reset();
        assertEquals(Exchange.Ending.CLIENT_VANISHED, Lab.get(exchange.ended()));
        assertTrue(exchange.endedNanos() != 0);
        Lab.get(lab.recorder().idle());
        Lab.get(lab.recorder().disconnected());
    }

    @Test
    void noticesAClientThatLeavesInsideItsRequest() {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(lab.provider().baseUrl() + PATH)
                        .putHeader("content-length", "1000");
        try (Lab other = new Lab()) {
            Future<Void> sent =
                    other.vertx()
                            .createHttpClient()
                            .request(options)
                            .compose(r -> r.write("half").compose(v -> r.connection().close()));
            Lab.get(sent);
        }
        Lab.get(lab.recorder().seen(1));
        Exchange exchange = lab.recorder().last();
        assertEquals(Exchange.Ending.CLIENT_VANISHED, Lab.get(exchange.ended()));
        assertEquals(4, exchange.bodyBytes());
    }

    @Test
    void waitsWhereItIsToldTo() {
        long start = System.nanoTime();
        lab.call(PATH, "delay=60ms,first-byte=60ms,chunk-delay=20ms,chunks=4", CHAT);
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 170, "took " + millis + " ms");
    }

    @Test
    void spreadsAndFillsChunks() {
        List<Lab.Event> events =
                lab.call(PATH, "tokens=10,chunks=5,chunk-bytes=200", STREAM).events();
        assertEquals(1 + 5 + 1 + 1, events.size());
        String content =
                events.get(1)
                        .json()
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("delta")
                        .getString("content");
        assertEquals(200, content.length());
        assertTrue(content.startsWith("A weir"));
    }

    @Test
    void garbageIsNeitherJsonNorText() {
        Reply reply = lab.call(PATH, "garbage", CHAT);
        assertEquals(200, reply.status());
        assertThrows(RuntimeException.class, reply::json);
    }

    @Test
    void compressesEveryChunkOnItsOwn() throws IOException {
        String plain = lab.call(PATH, "tokens=3", STREAM).body().toString();
        Received received = receive("tokens=3,gzip,stall=after-chunks:2", STREAM);
        // Two events can be read although the stream has not ended: each was flushed.
        Lab.get(received.bytes(40));
        Reply whole = lab.call(PATH, "tokens=3,gzip", STREAM);
        assertEquals("gzip", whole.head().getHeader("content-encoding"));
        byte[] unzipped =
                new GZIPInputStream(new ByteArrayInputStream(whole.body().getBytes()))
                        .readAllBytes();
        assertEquals(plain.length(), unzipped.length);
    }

    @Test
    void takesItsScriptFromTheModelAndTheDefaultToo() {
        lab.provider().behave("tokens=7,usage.cached=1");
        String model = CHAT.replace("gpt-6-luna", "gpt-6-luna-sim-tokens=6");
        var usage = lab.call(PATH, "usage.cached=2", model).json().getJsonObject("usage");
        assertEquals(6, usage.getInteger("completion_tokens"));
        assertEquals(2, usage.getJsonObject("prompt_tokens_details").getInteger("cached_tokens"));
        lab.provider().behave("");
        assertEquals(
                16,
                lab.call(PATH, "", CHAT)
                        .json()
                        .getJsonObject("usage")
                        .getInteger("completion_tokens"));
    }

    private Received receive(String script, String body) {
        return Lab.get(lab.send(PATH, script, body, Received::new));
    }

    private int status(RequestOptions request, String body) {
        return Lab.get(lab.send(request, body, HttpClientResponse::statusCode));
    }

    /** What has arrived of a response that may never end. */
    private static final class Received {
        private final Buffer body = Buffer.buffer();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private long wanted = Long.MAX_VALUE;
        private final CompletableFuture<Void> enough = new CompletableFuture<>();

        Received(HttpClientResponse response) {
            response.exceptionHandler(ended::completeExceptionally);
            response.endHandler(v -> ended.complete(null));
            response.handler(this::add);
        }

        private synchronized void add(Buffer chunk) {
            body.appendBuffer(chunk);
            if (body.length() >= wanted) {
                enough.complete(null);
            }
        }

        CompletableFuture<Void> end() {
            return ended;
        }

        synchronized CompletableFuture<Void> bytes(long count) {
            wanted = count;
            add(Buffer.buffer());
            return enough;
        }

        synchronized Buffer body() {
            return body;
        }
    }
}
