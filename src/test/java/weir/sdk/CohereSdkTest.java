package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonArray;
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

/** cohere through Weir, both versions of its API. */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CohereSdkTest {
    private static final String YAML =
            """
            providers:
              cohere: { base-url: "${COHERE}", credentials: [{ name: a, secret: "${SECRET}" }] }
              dead: { type: cohere, base-url: "http://127.0.0.1:1", prices: free }
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
    private static final String ERRORS = "cohere.errors.";
    private static final String RATE = ERRORS + "too_many_requests_error.TooManyRequestsError";

    private final World world = new World();
    private final VendorServer cohere = new VendorServer(world, "COHERE", SimulatedCohere::answer);
    private final Outcomes outcomes = new Outcomes();
    private World.Weir weir;

    @BeforeAll
    void runEveryCase() {
        weir = world.keys("app", "minute", "small").weir(YAML);
        outcomes.plan(
                        "app",
                        target("cohere", "app"),
                        "chat",
                        "chat-stream",
                        "chat-v1",
                        "chat-v1-stream",
                        "embed",
                        "rerank",
                        "unknown-key",
                        "provider-429",
                        "provider-500")
                .plan("minute", target("cohere", "minute"), "chat", "chat-stream")
                .plan("small", target("cohere", "small").with("--max-retries", "2"), "chat")
                .plan("dead", target("dead", "app"), "chat")
                .run(PythonSdks.more());
    }

    private Target target(String provider, String key) {
        return new Target(Sdk.COHERE, weir.url() + "/" + provider, "wk_" + key);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /** 8 tokens in and 6 out of command-a, not the 72 and 8 that include the template. */
    @Test
    void chatsAreBilledByTheirUnits() {
        for (String name : List.of("chat", "chat-v1")) {
            JsonObject line = outcomes.ok("app/" + name);
            assertEquals(SimulatedCohere.TEXT, line.getString("text"));
            assertEquals("0.00008", Outcomes.header(line, "x-weir-cost-usd"));
        }
        for (String name : List.of("chat-stream", "chat-v1-stream")) {
            JsonObject line = outcomes.ok("app/" + name);
            assertEquals(SimulatedCohere.TEXT, line.getString("text"));
            JsonObject units = line.getJsonObject("usage").getJsonObject("billed_units");
            assertEquals(6.0, units.getDouble("output_tokens"));
        }
        JsonArray events = outcomes.ok("app/chat-stream").getJsonArray("events");
        assertEquals("message-start", events.getString(0));
        assertEquals("message-end", events.getString(events.size() - 1));
    }

    @Test
    void embeddingsAndRanksAreBilledByTheirs() {
        JsonObject embedded = outcomes.ok("app/embed");
        assertEquals(2, embedded.getInteger("vectors"));
        assertEquals("0.0000006", Outcomes.header(embedded, "x-weir-cost-usd"));
        JsonObject ranked = outcomes.ok("app/rerank");
        assertEquals(1, ranked.getInteger("results"));
        assertEquals("0.0025", Outcomes.header(ranked, "x-weir-cost-usd"));
    }

    @Test
    void refusalsRaiseTheSdksOwnClasses() {
        outcomes.ok("minute/chat");
        refused("minute/chat-stream", RATE, 429, "rate_limited");
        refused("app/unknown-key", "unauthorized_error.UnauthorizedError", 401, "unknown_key");
    }

    /** The SDK knows no class for 402, and does not send it again: two retries are allowed. */
    @Test
    void aSpentBudgetIsFinal() {
        refused("small/chat", "cohere.core.api_error.ApiError", 402, "budget_exhausted");
    }

    @Test
    void aFailureUpstreamIsTheSdksOwnToo() {
        refused("dead/chat", "cohere.core.api_error.ApiError", 502, "upstream_unavailable");
        outcomes.passed("app/provider-429", RATE, 429);
        outcomes.passed(
                "app/provider-500", ERRORS + "internal_server_error.InternalServerError", 500);
    }

    @Test
    void noCallerIsKnownToCohere() {
        for (VendorServer.Asked asked : cohere.asked()) {
            assertFalse(asked.headers().toString().contains("wk_"));
        }
    }

    private void refused(String name, String exception, int status, String reason) {
        String full = exception.startsWith("cohere.") ? exception : ERRORS + exception;
        outcomes.refused(name, full, status, reason);
    }
}
