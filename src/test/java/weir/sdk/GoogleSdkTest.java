package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/** google-genai, and anthropic as the client of Vertex AI, through Weir. */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoogleSdkTest {
    private static final String YAML =
            """
            providers:
              gemini: { base-url: "${GOOGLE}", credentials: [{ name: a, secret: "${SECRET}" }] }
              vertex: { base-url: "${GOOGLE}", credentials: [{ name: a, secret: "${SECRET}" }] }
              dead: { type: gemini, base-url: "http://127.0.0.1:1", prices: free }
            callers:
              keys:
                - { name: app, tenant: t, sha256: "${app}" }
                - { name: minute, tenant: t, sha256: "${minute}" }
                - { name: small, tenant: t, sha256: "${small}" }
            limits:
              - { name: a-minute, match: { key: minute }, per: [provider], requests: 1/min }
              - { name: too-small, match: { key: small }, per: [provider], spend: 0.00001 USD/day }
              - { name: any, match: { key: app }, per: [key], spend: 50 USD/day }
            """;
    private static final String CLIENT_ERROR = "google.genai.errors.ClientError";
    private static final String SERVER_ERROR = "google.genai.errors.ServerError";

    private final World world = new World();
    private final VendorServer google = new VendorServer(world, "GOOGLE", SimulatedGoogle::answer);
    private final Outcomes outcomes = new Outcomes();
    private World.Weir weir;

    @BeforeAll
    void runEveryCase() {
        weir = world.keys("app", "minute", "small").weir(YAML);
        outcomes.plan(
                        "gemini",
                        target("gemini", "app"),
                        "generate",
                        "generate-stream",
                        "embed",
                        "count-tokens",
                        "models",
                        "unknown-key",
                        "provider-429",
                        "provider-500",
                        "provider-stream-error")
                .plan("minute", target("gemini", "minute"), "generate", "generate-stream")
                .plan("small", target("gemini", "small"), "generate")
                .plan("dead", target("dead", "app"), "generate")
                .plan(
                        "vertex",
                        target("vertex", "app"),
                        "vertex",
                        "vertex-stream",
                        "claude",
                        "claude-stream",
                        "claude-429")
                .plan("claude-minute", target("vertex", "minute"), "claude", "claude-stream")
                .plan("claude-small", target("vertex", "small"), "claude")
                .run(PythonSdks.more());
    }

    private Target target(String provider, String key) {
        return new Target(Sdk.GOOGLE, weir.url() + "/" + provider, "wk_" + key);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /** 600 fresh, 400 cached and 120 output tokens of gemini-3.8-flash, thoughts among them. */
    @Test
    void geminiTellsWhatItCost() {
        for (String name : List.of("gemini/generate", "vertex/vertex")) {
            JsonObject line = outcomes.ok(name);
            assertEquals(SimulatedGoogle.TEXT, line.getString("text"));
            assertEquals(70, line.getJsonObject("usage").getInteger("thoughts_token_count"));
            assertEquals("0.00093", Outcomes.header(line, "x-weir-cost-usd"));
        }
        for (String name : List.of("gemini/generate-stream", "vertex/vertex-stream")) {
            JsonObject line = outcomes.ok(name);
            assertEquals(SimulatedGoogle.TEXT, line.getString("text"));
            assertEquals(2, line.getInteger("chunks"));
            assertEquals(1120, line.getJsonObject("usage").getInteger("total_token_count"));
        }
    }

    /** 100 tokens in and 10 out of claude-sonnet-5. */
    @Test
    void claudeOnVertexTellsWhatItCost() {
        JsonObject plain = outcomes.ok("vertex/claude");
        assertEquals(SimulatedGoogle.TEXT, plain.getString("text"));
        assertEquals("0.0003", Outcomes.header(plain, "x-weir-cost-usd"));
        JsonObject stream = outcomes.ok("vertex/claude-stream");
        assertEquals(SimulatedGoogle.TEXT, stream.getString("text"));
        assertEquals(10, stream.getJsonObject("usage").getInteger("output_tokens"));
    }

    @Test
    void whatIsFreePasses() {
        assertEquals(2, outcomes.ok("gemini/embed").getInteger("vectors"));
        assertEquals(6, outcomes.ok("gemini/count-tokens").getInteger("tokens"));
        assertEquals(1, outcomes.ok("gemini/models").getJsonArray("models").size());
    }

    @Test
    void aRateRefusalIsAClientError() {
        outcomes.ok("minute/generate");
        JsonObject line =
                outcomes.refused("minute/generate-stream", CLIENT_ERROR, 429, "rate_limited");
        assertEquals("RESOURCE_EXHAUSTED", error(line).getString("status"));
        JsonObject retry = error(line).getJsonArray("details").getJsonObject(0);
        assertTrue(retry.getString("retryDelay").matches("\\d+s"), line::encodePrettily);
        outcomes.ok("claude-minute/claude");
        outcomes.refused(
                "claude-minute/claude-stream", "anthropic.RateLimitError", 429, "rate_limited");
    }

    @Test
    void aSpentBudgetIsAClientError() {
        outcomes.refused("small/generate", CLIENT_ERROR, 402, "budget_exhausted");
        outcomes.refused(
                "claude-small/claude", "anthropic.PaymentRequiredError", 402, "budget_exhausted");
    }

    @Test
    void anUnknownKeyIsAClientError() {
        JsonObject line = outcomes.refused("gemini/unknown-key", CLIENT_ERROR, 401, "unknown_key");
        assertEquals("UNAUTHENTICATED", error(line).getString("status"));
    }

    @Test
    void aFailureUpstreamIsAServerError() {
        outcomes.refused("dead/generate", SERVER_ERROR, 502, "upstream_unavailable");
        outcomes.passed("gemini/provider-500", SERVER_ERROR, 500);
        outcomes.passed("gemini/provider-429", CLIENT_ERROR, 429);
        outcomes.passed("vertex/claude-429", "anthropic.RateLimitError", 429);
        outcomes.raised("gemini/provider-stream-error", SERVER_ERROR);
    }

    @Test
    void noCallerIsKnownToGoogle() {
        for (VendorServer.Asked asked : google.asked()) {
            assertFalse(asked.uri().contains("wk_"), asked.uri());
            assertFalse(asked.headers().toString().contains("wk_"));
            assertTrue(asked.path().startsWith("/v1"), asked.uri());
        }
    }

    private static JsonObject error(JsonObject line) {
        return line.getJsonObject("body").getJsonObject("error");
    }
}
