package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

/**
 * Several credentials for one provider: what the provider finds fault with rests, for all sidecars,
 * and the call goes on with the next one. A credential is named by what the provider makes of it.
 */
final class PoolTest {
    private static final String SERVED =
            """
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-4.1","choices":[{"index":0,\
            "message":{"role":"assistant","content":"A dam."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\
            """;
    private static final String BUSY =
            """
            {"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}\
            """;
    private static final String POOR =
            """
            {"error":{"message":"pay","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}\
            """;

    private final World world = new World();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve() {
        world.serve("POOL", this::answer);
        List.of("busy", "poor", "revoked", "broken", "large", "fine")
                .forEach(s -> world.env(s, "sk-" + s));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        String secret = request.getHeader("authorization").substring("Bearer sk-".length());
        request.bodyHandler(body -> {
            asked.add(secret + (body.toString().equals(CHAT) ? "" : " with another body"));
            switch (secret) {
                case "busy" ->
                        request.response()
                                .putHeader("retry-after", "30")
                                .setStatusCode(429)
                                .end(BUSY);
                case "poor" -> request.response().setStatusCode(429).end(POOR);
                case "revoked" -> request.response().setStatusCode(401).end("{}");
                case "broken" -> request.response().setStatusCode(500).end("{}");
                case "large" -> request.response().setStatusCode(400).end("x".repeat(200_000));
                default ->
                        request.response()
                                .putHeader("content-type", "application/json")
                                .end(SERVED);
            }
        });
    }

    private static String yaml(String... secrets) {
        StringBuilder credentials = new StringBuilder();
        for (String secret : secrets) {
            credentials.append("{ name: %s, secret: \"${%s}\" },".formatted(secret, secret));
        }
        return """
        providers: { openai: { base-url: "${POOL}", credentials: [%s] } }
        callers: { default-tenant: shop }
        limits: [{ name: purse, per: [tenant], spend: 50 USD/total, requests: 100/min }]
        """
                .formatted(credentials);
    }

    @Test
    void theCallGoesOnWithTheNextCredentialAndIsChargedOnce() {
        World.Weir weir = world.weir(yaml("busy", "poor", "revoked", "fine"));
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(SERVED, answer.body());
        assertEquals(List.of("busy", "poor", "revoked", "fine"), asked);
        String line = weir.nextCall();
        assertTrue(line.contains("\"cost_nano_usd\":60000,"), line);
        asked.clear();
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(List.of("fine"), asked, "the others rest");
        String scrape = weir.scrape();
        for (String counted :
                List.of(
                        "rate_limited_total{credential=\"busy\"",
                        "out_of_money_total{credential=\"poor\"",
                        "not_accepted_total{credential=\"revoked\"")) {
            String metric = "weir_upstream_" + counted + ",provider=\"openai\",} 1.0";
            assertTrue(scrape.contains(metric), scrape);
        }
    }

    @Test
    void whereNoneIsLeftTheProvidersOwnAnswerPasses() {
        World.Weir weir = world.weir(yaml("poor", "busy"));
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(429, answer.statusCode());
        assertEquals(BUSY, answer.body());
        assertEquals("30", answer.headers().firstValue("retry-after").orElse(""));
        String line = weir.nextCall();
        assertTrue(line.contains("\"cost_nano_usd\":0,"), line);
        asked.clear();
        assertEquals(429, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(List.of("busy"), asked, "the one that is ready first, and only once");
    }

    @Test
    void whatMayHaveBeenPaidIsNotSentAgain() {
        World.Weir weir = world.weir(yaml("broken", "fine"));
        assertEquals(500, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(List.of("broken"), asked);
    }

    @Test
    void aLargeErrorPassesWhole() {
        World.Weir weir = world.weir(yaml("large", "fine"));
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(400, answer.statusCode());
        assertEquals(200_000, answer.body().length());
        assertEquals(List.of("large"), asked);
    }

    @Test
    void whatOneSidecarLearnsTheOthersKnow() {
        try (TestRedis redis = TestRedis.start()) {
            String yaml = yaml("busy", "fine");
            World.Weir one = world.weir(yaml, World.settings(Optional.of(redis.url())));
            World.Weir other = world.weir(yaml, World.settings(Optional.of(redis.url())));
            FailureBench.until(
                    "connected", () -> one.sidecar().ledgerIsUp() && other.sidecar().ledgerIsUp());
            assertEquals(200, one.post(CHAT_PATH, CHAT).statusCode());
            assertEquals(List.of("busy", "fine"), asked);
            asked.clear();
            long before = redis.calls("evalsha");
            FailureBench.until("both have asked", () -> redis.calls("evalsha") > before + 6);
            assertEquals(200, other.post(CHAT_PATH, CHAT).statusCode());
            assertEquals(List.of("fine"), asked);
            other.stop();
            one.stop();
        }
    }
}
