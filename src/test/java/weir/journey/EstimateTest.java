package weir.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that do not say what they used: charged at no less than the truth, and marked so. */
final class EstimateTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: much, per: [provider], spend: 900 USD/day, output-tokens: 1000000/day }
            """;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String LUNA =
            """
            {"model":"gpt-6-luna","messages":[{"role":"user","content":"Hello there"}]}\
            """;
    private static final String RESPONSE =
            """
            {"model":"gpt-6-luna","input":"Hello there"}\
            """;
    private static final String EMBEDDING =
            """
            {"model":"text-embedding-3-small","input":"Hello there"}\
            """;
    private static final String HAIKU =
            """
            {"model":"claude-haiku-5-5","max_tokens":5000,
             "messages":[{"role":"user","content":"Hello there"}]}\
            """;

    private final World world = new World();
    private final World.Weir weir = world.weir(YAML);
    private final HttpClient http = HttpClient.newHttpClient();
    private final PriceFacts facts = new PriceFacts();

    /** An endpoint and a body for it. */
    private record Ask(String path, String body) {
        String model() {
            return new JsonObject(body).getString("model");
        }

        Ask streamed() {
            return new Ask(path, body.replaceFirst("\\{", "{\"stream\":true,"));
        }
    }

    private static final Ask MESSAGE = new Ask("/anthropic/v1/messages", HAIKU);
    private static final List<Ask> ASKS =
            List.of(
                    new Ask(CHAT, LUNA),
                    new Ask("/openai/v1/responses", RESPONSE),
                    MESSAGE,
                    new Ask(CHAT, LUNA).streamed(),
                    new Ask("/openai/v1/responses", RESPONSE).streamed(),
                    MESSAGE.streamed());

    @AfterEach
    void stop() {
        world.close();
    }

    private HttpRequest request(Ask ask, String sim) {
        return weir.request(
                ask.path(),
                ask.body(),
                "authorization",
                "Bearer any",
                "anthropic-version",
                "2023-06-01",
                "x-sim",
                sim);
    }

    private HttpResponse<byte[]> send(Ask ask, String sim) throws Exception {
        return http.send(request(ask, sim), BodyHandlers.ofByteArray());
    }

    /** Two words in; the answer's words are its tokens. */
    private void assertBoundedBelow(JsonObject line, Ask ask, long output) {
        assertEquals(true, line.getBoolean("estimated"), line::encodePrettily);
        Map<String, Long> truth = Map.of("input", 2L, "output", output);
        long least = facts.nanoUsd(ask.model(), truth, "", "");
        long charged = line.getLong("cost_nano_usd");
        assertTrue(charged >= least, () -> least + " at least: " + line.encodePrettily());
        assertTrue(charged <= line.getLong("reserved_nano_usd"), line::encodePrettily);
        assertTrue(line.getLong("output", 0L) >= output, line::encodePrettily);
    }

    @Test
    void anAnswerWithoutUsageIsBounded() throws Exception {
        for (Ask ask : ASKS) {
            HttpResponse<byte[]> answer = send(ask, "no-usage,tokens=3000");
            assertEquals(200, answer.statusCode());
            assertBoundedBelow(new JsonObject(weir.nextCall()), ask, 3000);
        }
        Ask embedding = new Ask("/openai/v1/embeddings", EMBEDDING);
        send(embedding, "no-usage");
        assertBoundedBelow(new JsonObject(weir.nextCall()), embedding, 0);
        assertTrue(weir.scrape().contains("weir_usage_estimated_total"), weir.scrape());
    }

    /** No compression was asked for; it comes all the same, passes untouched, and is bounded. */
    @Test
    void aCompressedAnswerIsBounded() throws Exception {
        for (Ask ask : ASKS) {
            HttpResponse<byte[]> answer = send(ask, "gzip,tokens=4000");

            assertEquals("gzip", answer.headers().firstValue("content-encoding").orElse("none"));
            String text = new String(unpack(answer.body()), UTF_8);
            assertTrue(text.contains("dam"), text);
            assertBoundedBelow(new JsonObject(weir.nextCall()), ask, 4000);
            assertEquals("identity", world.provider().recorder().last().header("accept-encoding"));
        }
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void anErrorInsideAStreamIsCharged() throws Exception {
        for (Ask ask : ASKS.subList(3, 6)) {
            HttpResponse<byte[]> answer = send(ask, "error-in-stream,tokens=2000");

            assertEquals(200, answer.statusCode());
            assertTrue(new String(answer.body(), UTF_8).contains("error"));
            assertBoundedBelow(new JsonObject(weir.nextCall()), ask, 1000);
        }
    }

    /** Its input is known from the first event on, and is not estimated. */
    @Test
    void whatAnthropicSaidBeforeItBrokeOffIsKept() throws Exception {
        send(MESSAGE.streamed(), "error-in-stream,usage.input=777,usage.cached=55");

        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals(777, line.getLong("input"), line::encodePrettily);
        assertEquals(55, line.getLong("cached_input"), line::encodePrettily);
    }

    @Test
    void aCallerThatLeavesIsChargedForWhatPassed() throws Exception {
        Ask ask = new Ask(CHAT, LUNA).streamed();
        HttpResponse<InputStream> answer =
                http.send(
                        request(ask, "tokens=1000,stall=after-chunks:200"),
                        BodyHandlers.ofInputStream());
        byte[] passed = answer.body().readNBytes(20_000);
        answer.body().close();

        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("caller_gone", line.getString("outcome"), line::encodePrettily);
        assertTrue(line.getLong("bytes_out") >= passed.length, line::encodePrettily);
        assertBoundedBelow(line, ask, 100);

        // The next line is the next call's: one that ends is told of once.
        send(new Ask(CHAT, LUNA), "");
        assertEquals("ok", new JsonObject(weir.nextCall()).getString("outcome"));
    }

    /** A rate is debited 256 tokens for the first answer, and what is usual from then on. */
    @Test
    void whatAModelAnswersIsExpectedOfIt() throws Exception {
        Ask ask = new Ask(CHAT, LUNA.replace("luna", "sol"));
        String first = left(send(ask, ""));
        for (int i = 0; i < 40; i++) {
            send(ask, "");
        }
        long before = Long.parseLong(left(send(ask, "")));

        for (int i = 0; i < 42; i++) {
            weir.nextCall();
        }
        long taken = 41 * 16;
        assertTrue(before > Long.parseLong(first) + 256 - taken - 40, first + " then " + before);
    }

    private static String left(HttpResponse<byte[]> answer) {
        String header = answer.headers().firstValue("ratelimit").orElse("none");
        return header.replaceFirst(".*\"much.output-tokens\";r=(\\d+).*", "$1");
    }
}
