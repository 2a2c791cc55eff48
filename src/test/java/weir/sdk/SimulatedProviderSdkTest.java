package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import loadtest.SimulatedOptions;
import loadtest.SimulatedProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The official SDKs against the simulated provider with nothing in between: proves that its formats
 * are right, so that what fails through Weir is Weir's. The SDKs validate every answer against
 * their own types.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SimulatedProviderSdkTest {
    private static final String TEXT =
            "A weir is a low dam across a river that regulates the flow and measures it.";
    private static final String KEY = "sk-sim";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, JsonObject> openAi = new HashMap<>();
    private final Map<String, JsonObject> anthropic = new HashMap<>();

    /** Every case once, in one process for each SDK: starting one takes a second. */
    @BeforeAll
    void runEveryCase() throws Exception {
        PythonSdks sdks = PythonSdks.installed();
        SimulatedProvider provider =
                SimulatedProvider.start(vertx, SimulatedOptions.DEFAULT.withKeys(KEY))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get();
        String url = provider.baseUrl();
        index(sdks.run(new PythonSdks.Target(PythonSdks.Sdk.OPENAI, url, KEY)), openAi);
        index(sdks.run(new PythonSdks.Target(PythonSdks.Sdk.ANTHROPIC, url, KEY)), anthropic);
    }

    private static void index(List<JsonObject> lines, Map<String, JsonObject> byCase) {
        lines.forEach(line -> byCase.put(line.getString("case"), line));
    }

    @AfterAll
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
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
            JsonObject line = ok(openAi, name);
            assertEquals(TEXT, line.getString("text"), name);
            assertEquals(1, line.getInteger("attempts"), name);
        }
        assertEquals(2, ok(openAi, "embeddings").getInteger("vectors"));
        assertEquals(4, ok(openAi, "models").getJsonArray("models").size());
        ok(openAi, "moderations");
        assertEquals(3, ok(openAi, "chat-stream-half").getInteger("chunks"));
    }

    @Test
    void openAiSeesUsageWhereItBelongs() {
        assertEquals(23, usage(openAi, "chat").getInteger("total_tokens"));
        assertEquals(23, usage(openAi, "chat-stream-usage").getInteger("total_tokens"));
        assertEquals(1, ok(openAi, "chat-stream-usage").getInteger("empty_chunks"));
        assertNull(ok(openAi, "chat-stream").getJsonObject("usage"));
        assertEquals(0, ok(openAi, "chat-stream").getInteger("empty_chunks"));
        assertEquals(21, usage(openAi, "responses-stream").getInteger("total_tokens"));
    }

    @Test
    void openAiRaisesItsOwnErrors() {
        error(openAi, "unknown-key", "openai.AuthenticationError", 401);
        error(openAi, "bad-request", "openai.BadRequestError", 400);
        JsonObject limited = error(openAi, "provider-429", "openai.RateLimitError", 429);
        assertEquals("1", limited.getJsonObject("headers").getString("retry-after"));
        assertEquals("rate_limit_exceeded", limited.getString("code"));
        error(openAi, "provider-402", "openai.APIStatusError", 402);
        error(openAi, "provider-403", "openai.PermissionDeniedError", 403);
        error(openAi, "provider-500", "openai.InternalServerError", 500);
        error(openAi, "provider-503", "openai.InternalServerError", 503);
        assertEquals("error", openAi.get("provider-garbage").getString("outcome"));
        assertException(openAi, "provider-error-in-stream", "openai.APIError");
        assertException(openAi, "provider-reset", "openai.APIConnectionError");
        assertException(openAi, "provider-cut", "openai.APIConnectionError");
    }

    @Test
    void anthropicReadsEveryKindOfAnswer() {
        for (String name :
                List.of(
                        "messages",
                        "messages-stream",
                        "messages-stream-helper",
                        "messages-old-style")) {
            JsonObject line = ok(anthropic, name);
            assertEquals(TEXT, line.getString("text"), name);
            assertEquals(7, line.getJsonObject("usage").getInteger("input_tokens"), name);
            assertEquals(16, line.getJsonObject("usage").getInteger("output_tokens"), name);
        }
        assertEquals(5, usage(anthropic, "count-tokens").getInteger("input_tokens"));
        assertEquals(3, ok(anthropic, "models").getJsonArray("models").size());
        assertEquals(3, ok(anthropic, "messages-stream-half").getInteger("chunks"));
    }

    @Test
    void anthropicSendsItsKeyInBothStyles() {
        JsonArray now = ok(anthropic, "messages").getJsonArray("sent");
        assertTrue(now.contains("authorization") && !now.contains("x-api-key"), now.encode());
        JsonArray before = ok(anthropic, "messages-old-style").getJsonArray("sent");
        assertTrue(before.contains("x-api-key") && !before.contains("authorization"));
        error(anthropic, "unknown-key", "anthropic.AuthenticationError", 401);
        error(anthropic, "unknown-key-old-style", "anthropic.AuthenticationError", 401);
    }

    @Test
    void anthropicRaisesItsOwnErrors() {
        error(anthropic, "bad-request", "anthropic.BadRequestError", 400);
        JsonObject limited = error(anthropic, "provider-429", "anthropic.RateLimitError", 429);
        assertEquals("rate_limit_error", limited.getString("type"));
        assertEquals("1", limited.getJsonObject("headers").getString("retry-after"));
        error(anthropic, "provider-402", "anthropic.PaymentRequiredError", 402);
        error(anthropic, "provider-403", "anthropic.PermissionDeniedError", 403);
        error(anthropic, "provider-500", "anthropic.InternalServerError", 500);
        error(anthropic, "provider-529", "anthropic.OverloadedError", 529);
        assertException(anthropic, "provider-error-in-stream", "anthropic.APIStatusError");
        assertException(anthropic, "provider-reset", "anthropic.APIConnectionError");
    }

    @Test
    void refusalsAreRetriedOnlyWhereThatHelps() {
        for (Map<String, JsonObject> cases : List.of(openAi, anthropic)) {
            JsonObject retried = ok(cases, "provider-429-retried");
            assertEquals(new JsonArray("[429,429,200]"), retried.getJsonArray("statuses"));
            assertTrue(retried.getInteger("elapsed_ms") >= 1800, "obeys retry-after: 1");
            assertEquals(1, cases.get("provider-402").getInteger("attempts"));
            assertEquals(1, cases.get("provider-403").getInteger("attempts"));
        }
    }

    private static JsonObject ok(Map<String, JsonObject> cases, String name) {
        JsonObject line = cases.get(name);
        assertEquals("ok", line.getString("outcome"), line::encodePrettily);
        return line;
    }

    private static JsonObject usage(Map<String, JsonObject> cases, String name) {
        return ok(cases, name).getJsonObject("usage");
    }

    private static JsonObject error(
            Map<String, JsonObject> cases, String name, String exception, int status) {
        JsonObject line = assertException(cases, name, exception);
        assertEquals(status, line.getInteger("status"), line::encodePrettily);
        return line;
    }

    private static JsonObject assertException(
            Map<String, JsonObject> cases, String name, String exception) {
        JsonObject line = cases.get(name);
        assertEquals(exception, line.getString("exception"), line::encodePrettily);
        return line;
    }
}
