package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import loadtest.SimulatedOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/**
 * The official SDKs through Weir: whatever Weir does to a call, the application sees what it would
 * see of the provider. The SDKs validate every answer against their own types.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SdksThroughWeirTest {
    private static final String TEXT =
            "A weir is a low dam across a river that regulates the flow and measures it.";
    private static final String KEY = "wk_app";
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { keys: [{ name: app, tenant: shop, sha256: "${KEY}" }] }
            limits:
              - { name: all, per: [tenant], spend: 50 USD/day, tokens: 9000000/min, concurrent: 9 }
            """;

    private final World world = new World(SimulatedOptions.DEFAULT.withKeys(World.SECRET));
    private final Outcomes openAi = new Outcomes();
    private final Outcomes anthropic = new Outcomes();

    /** Every case once, in one process for each SDK: starting one takes a second. */
    @BeforeAll
    void runEveryCase() {
        PythonSdks sdks = PythonSdks.installed();
        String url = world.env("KEY", World.sha256(KEY)).weir(YAML).url();
        planOpenAi(new Target(Sdk.OPENAI, url + "/openai", KEY));
        planAnthropic(new Target(Sdk.ANTHROPIC, url + "/anthropic", KEY));
        openAi.run(sdks);
        anthropic.run(sdks);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private void planOpenAi(Target target) {
        openAi.plan(
                "app",
                target,
                "chat",
                "chat-stream",
                "chat-stream-usage",
                "chat-stream-half",
                "chat-uncapped",
                "responses",
                "responses-stream",
                "responses-stream-helper",
                "responses-cut",
                "completions",
                "embeddings",
                "moderations",
                "models",
                "unknown-key",
                "bad-request",
                "too-large",
                "provider-429",
                "provider-429-retried",
                "provider-402",
                "provider-403",
                "provider-500",
                "provider-503",
                "provider-error-in-stream",
                "provider-cut",
                "provider-cut-plain",
                "provider-reset");
    }

    private void planAnthropic(Target target) {
        anthropic.plan(
                "app",
                target,
                "messages",
                "messages-stream",
                "messages-stream-helper",
                "messages-stream-half",
                "messages-old-style",
                "count-tokens",
                "models",
                "unknown-key",
                "unknown-key-old-style",
                "bad-request",
                "too-large",
                "provider-429",
                "provider-429-retried",
                "provider-402",
                "provider-403",
                "provider-500",
                "provider-529",
                "provider-error-in-stream",
                "provider-cut",
                "provider-cut-plain",
                "provider-reset");
    }

    @Test
    void openAiReadsEveryKindOfAnswer() {
        for (String name :
                List.of(
                        "chat",
                        "chat-stream",
                        "chat-uncapped",
                        "chat-stream-usage",
                        "responses",
                        "responses-stream",
                        "responses-stream-helper",
                        "completions")) {
            JsonObject line = openAi.ok("app/" + name);
            assertEquals(TEXT, line.getString("text"), name);
            assertEquals(1, line.getInteger("attempts"), name);
            assertNotNull(Outcomes.header(line, "x-weir-request-id"), name);
        }
        assertTrue(openAi.ok("app/chat").getString("request_id").startsWith("req_sim"));
        assertEquals(2, openAi.ok("app/embeddings").getInteger("vectors"));
        assertEquals(4, openAi.ok("app/models").getJsonArray("models").size());
        openAi.ok("app/moderations");
        assertEquals(3, openAi.ok("app/chat-stream-half").getInteger("chunks"));
    }

    /** Weir asks for usage in every stream; only who asked for it sees the chunk. */
    @Test
    void openAiSeesUsageWhereItAskedForIt() {
        assertEquals(23, usage(openAi.ok("app/chat")).getInteger("total_tokens"));
        JsonObject asked = openAi.ok("app/chat-stream-usage");
        assertEquals(23, usage(asked).getInteger("total_tokens"));
        assertEquals(1, asked.getInteger("empty_chunks"));
        JsonObject notAsked = openAi.ok("app/chat-stream");
        assertNull(notAsked.getJsonObject("usage"));
        assertEquals(0, notAsked.getInteger("empty_chunks"));
        assertEquals(21, usage(openAi.ok("app/responses-stream")).getInteger("total_tokens"));
    }

    @Test
    void anthropicReadsEveryKindOfAnswer() {
        for (String name :
                List.of(
                        "messages",
                        "messages-stream",
                        "messages-stream-helper",
                        "messages-old-style")) {
            JsonObject line = anthropic.ok("app/" + name);
            assertEquals(TEXT, line.getString("text"), name);
            assertEquals(7, usage(line).getInteger("input_tokens"), name);
            assertEquals(16, usage(line).getInteger("output_tokens"), name);
            assertEquals(1, line.getInteger("attempts"), name);
        }
        assertTrue(anthropic.ok("app/messages").getString("request_id").startsWith("req_sim"));
        assertEquals(5, usage(anthropic.ok("app/count-tokens")).getInteger("input_tokens"));
        assertEquals(3, anthropic.ok("app/models").getJsonArray("models").size());
        assertEquals(3, anthropic.ok("app/messages-stream-half").getInteger("chunks"));
    }

    /** The virtual key is read from either place, and the provider's secret goes into the same. */
    @Test
    void anthropicSendsItsKeyInBothStyles() {
        JsonArray now = anthropic.ok("app/messages").getJsonArray("sent");
        assertTrue(now.contains("authorization") && !now.contains("x-api-key"), now.encode());
        JsonArray before = anthropic.ok("app/messages-old-style").getJsonArray("sent");
        assertTrue(before.contains("x-api-key") && !before.contains("authorization"));
        for (String name : List.of("app/unknown-key", "app/unknown-key-old-style")) {
            anthropic.refused(name, "anthropic.AuthenticationError", "unknown_key");
        }
    }

    /** What passes of the vendor's own errors: class, status, words, headers, request id. */
    @Test
    void theProvidersErrorsPass() {
        JsonObject limited = openAi.passed("app/provider-429", "openai.RateLimitError", 429);
        assertEquals("1", Outcomes.header(limited, "retry-after"));
        assertEquals("10000", Outcomes.header(limited, "x-ratelimit-limit-requests"));
        assertEquals("rate_limit_exceeded", limited.getString("code"));
        assertTrue(limited.getString("request_id").startsWith("req_sim"));
        openAi.passed("app/provider-402", "openai.APIStatusError", 402);
        openAi.passed("app/provider-403", "openai.PermissionDeniedError", 403);
        openAi.passed("app/provider-500", "openai.InternalServerError", 500);
        openAi.passed("app/provider-503", "openai.InternalServerError", 503);
        openAi.raised("app/provider-error-in-stream", "openai.APIError");

        limited = anthropic.passed("app/provider-429", "anthropic.RateLimitError", 429);
        assertEquals("1", Outcomes.header(limited, "retry-after"));
        assertEquals("4000", Outcomes.header(limited, "anthropic-ratelimit-requests-limit"));
        assertEquals("rate_limit_error", limited.getString("type"));
        assertTrue(limited.getString("request_id").startsWith("req_sim"));
        anthropic.passed("app/provider-402", "anthropic.PaymentRequiredError", 402);
        anthropic.passed("app/provider-403", "anthropic.PermissionDeniedError", 403);
        anthropic.passed("app/provider-500", "anthropic.InternalServerError", 500);
        anthropic.passed("app/provider-529", "anthropic.OverloadedError", 529);
        anthropic.raised("app/provider-error-in-stream", "anthropic.APIStatusError");
        for (Outcomes sdk : List.of(openAi, anthropic)) {
            JsonArray statuses = sdk.ok("app/provider-429-retried").getJsonArray("statuses");
            assertEquals(new JsonArray("[429,429,200]"), statuses);
        }
    }

    /** An answer that breaks off must not look like one that ended. */
    @Test
    void aCutAnswerRaises() {
        for (String name : List.of("provider-cut", "provider-cut-plain", "responses-cut")) {
            openAi.raised("app/" + name, "openai.APIConnectionError");
        }
        anthropic.raised("app/provider-cut-plain", "anthropic.APIConnectionError");
        JsonObject cut = anthropic.of("app/provider-cut");
        assertEquals("error", cut.getString("outcome"), cut::encodePrettily);
    }

    private static JsonObject usage(JsonObject line) {
        return line.getJsonObject("usage");
    }
}
