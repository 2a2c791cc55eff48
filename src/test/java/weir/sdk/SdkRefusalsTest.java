package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sdk.Outcomes.header;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/**
 * Every way in which Weir says no, as the official SDKs understand it: which exception is raised,
 * what it tells, and whether the SDK sends the call again by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SdkRefusalsTest {
    private static final List<String> KEYS =
            List.of(
                    "app",
                    "second",
                    "minute",
                    "small",
                    "spent",
                    "shared",
                    "expired",
                    "elsewhere",
                    "older");
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              dead-openai: { type: openai, base-url: "http://127.0.0.1:1", prices: free }
              dead-anthropic: { type: anthropic, base-url: "http://127.0.0.1:1", prices: free }
            callers:
              keys:
                - { name: app, tenant: t, sha256: "${app}" }
                - { name: second, tenant: t, sha256: "${second}" }
                - { name: minute, tenant: t, sha256: "${minute}" }
                - { name: small, tenant: t, sha256: "${small}" }
                - { name: spent, tenant: t, sha256: "${spent}" }
                - { name: shared, tenant: t, sha256: "${shared}" }
                - { name: expired, tenant: t, sha256: "${expired}", expires: 2020-01-01 }
                - { name: elsewhere, tenant: t, sha256: "${elsewhere}", providers: [dead-openai] }
                - { name: older, tenant: t, sha256: "${older}", models: ["gpt-5*", "claude-3*"] }
            limits:
              - { name: a-second, match: { key: second }, per: [provider], requests: 1/s }
              - { name: a-minute, match: { key: minute }, per: [provider], requests: 1/min }
              - { name: too-small, match: { key: small }, per: [provider], spend: 0.00001 USD/day }
              - { name: all-spent, match: { key: spent }, per: [provider], spend: 0.02 USD/day }
              - { name: one-call, match: { key: shared }, per: [provider], spend: 0.015 USD/day,
                  on-exhausted: reject }
              - { name: any, match: { key: app }, per: [key], spend: 50 USD/day }
            """;
    private static final String RATE = "rate_limited";
    private static final String SPENT = "budget_exhausted";
    private static final String HELD =
            """
            {"model":"MODEL","max_tokens":20000,"stream":true,"messages":[{"role":"user","content":"Hello"}]}\
            """;

    private final World world = new World();
    private final HttpClient http = HttpClient.newHttpClient();
    private final PythonSdks sdks = PythonSdks.installed();
    private final Outcomes openAi = new Outcomes();
    private final Outcomes anthropic = new Outcomes();

    @BeforeAll
    void runEveryCase() {
        world.keys(KEYS.toArray(String[]::new));
        String url = world.weir(YAML).url();
        String blind = world.weir(YAML, World.settings(Optional.of("redis://127.0.0.1:1"))).url();
        plan(openAi, new Target(Sdk.OPENAI, url, "wk_"), "chat");
        plan(anthropic, new Target(Sdk.ANTHROPIC, url, "wk_"), "messages");
        openAi.plan("blind", new Target(Sdk.OPENAI, blind + "/openai", "wk_app"), "chat");
        anthropic.plan(
                "blind", new Target(Sdk.ANTHROPIC, blind + "/anthropic", "wk_app"), "messages");
        openAi.run(sdks);
        anthropic.run(sdks);
    }

    /** The same for both vendors: {@code call} is the plain call's name in their scripts. */
    private static void plan(Outcomes outcomes, Target at, String call) {
        String vendor = at.baseUrl() + (at.sdk() == Sdk.OPENAI ? "/openai" : "/anthropic");
        String dead = at.baseUrl() + (at.sdk() == Sdk.OPENAI ? "/dead-openai" : "/dead-anthropic");
        String retrying = call + "-retrying";
        outcomes.plan("second", target(at, vendor, "second"), call, retrying, call + "-stream")
                .plan("minute", target(at, vendor, "minute"), call, call + "-stream")
                .plan("small", target(at, vendor, "small"), retrying)
                .plan(
                        "spent",
                        target(at, vendor, "spent").with("--sim", "usage.output=100000"),
                        call,
                        retrying)
                .plan("expired", target(at, vendor, "expired"), retrying)
                .plan("elsewhere", target(at, vendor, "elsewhere"), retrying)
                .plan("older", target(at, vendor, "older"), retrying)
                .plan("app", target(at, vendor, "app"), "unknown-key", "bad-request", "too-large")
                .plan("nowhere", target(at, at.baseUrl() + "/nowhere", "app"), retrying)
                .plan("dead", target(at, dead, "app"), call);
    }

    private static Target target(Target at, String url, String key) {
        return new Target(at.sdk(), url, at.key() + key);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void aRateRefusalSaysWhenToComeBack() {
        JsonObject chat = openAi.refused("minute/chat-stream", "openai.RateLimitError", RATE);
        assertEquals("rate_limit_exceeded", chat.getString("code"));
        assertEquals("1", header(chat, "x-ratelimit-limit-requests"));
        assertEquals("0", header(chat, "x-ratelimit-remaining-requests"));
        JsonObject message =
                anthropic.refused("minute/messages-stream", "anthropic.RateLimitError", RATE);
        assertEquals("rate_limit_error", message.getString("type"));
        assertEquals("1", header(message, "anthropic-ratelimit-requests-limit"));
        assertEquals("0", header(message, "anthropic-ratelimit-requests-remaining"));
        for (JsonObject line : List.of(chat, message)) {
            assertEquals(429, line.getInteger("status"));
            int seconds = Integer.parseInt(header(line, "retry-after"));
            assertTrue(seconds > 30 && seconds <= 60, line::encodePrettily);
            assertEquals("true", header(line, "x-should-retry"));
            assertEquals("a-minute", header(line, "x-weir-limit"));
            assertEquals("a-minute", Outcomes.limit(line).getString("name"));
            assertEquals(1, Outcomes.limit(line).getInteger("limit"));
            assertEquals(0, Outcomes.limit(line).getInteger("left"));
            assertEquals(1, Outcomes.limit(line).getInteger("requested"));
        }
    }

    @Test
    void aRateRefusalIsSentAgainAndThenSucceeds() {
        for (JsonObject line :
                List.of(
                        openAi.ok("second/chat-retrying"),
                        anthropic.ok("second/messages-retrying"))) {
            assertEquals(new JsonArray("[429,200]"), line.getJsonArray("statuses"));
            assertTrue(line.getInteger("elapsed_ms") >= 900, line::encodePrettily);
        }
        for (JsonObject line :
                List.of(
                        openAi.refused("second/chat-stream", "openai.RateLimitError", RATE),
                        anthropic.refused(
                                "second/messages-stream", "anthropic.RateLimitError", RATE))) {
            assertEquals("1", header(line, "retry-after"), line::encodePrettily);
        }
    }

    /** With three retries allowed: none is made. */
    @Test
    void aSpentBudgetIsFinal() {
        openAi.ok("spent/chat");
        anthropic.ok("spent/messages");
        for (String batch : List.of("small", "spent")) {
            JsonObject chat =
                    openAi.refused(batch + "/chat-retrying", "openai.APIStatusError", SPENT);
            assertEquals("insufficient_quota", chat.getString("code"));
            JsonObject message =
                    anthropic.refused(
                            batch + "/messages-retrying", "anthropic.PaymentRequiredError", SPENT);
            assertEquals("billing_error", message.getString("type"));
            for (JsonObject line : List.of(chat, message)) {
                assertEquals(402, line.getInteger("status"));
                assertEquals("false", header(line, "x-should-retry"));
                String name = batch.equals("small") ? "too-small" : "all-spent";
                assertEquals(name, Outcomes.limit(line).getString("name"));
                assertEquals("usd", Outcomes.limit(line).getString("unit"));
                assertTrue(line.getString("message").contains(name), line::encodePrettily);
            }
        }
        assertEquals("0", Outcomes.limit(openAi.of("spent/chat-retrying")).getString("left"));
    }

    @Test
    void aKeyThatIsNotGoodIsAnAuthenticationError() {
        for (String name : List.of("app/unknown-key", "expired/chat-retrying")) {
            JsonObject line = openAi.refused(name, "openai.AuthenticationError", "unknown_key");
            assertEquals("invalid_api_key", line.getString("code"));
        }
        for (String name : List.of("app/unknown-key", "expired/messages-retrying")) {
            JsonObject line =
                    anthropic.refused(name, "anthropic.AuthenticationError", "unknown_key");
            assertEquals("authentication_error", line.getString("type"));
        }
    }

    @Test
    void aKeyForSomethingElseIsAPermissionError() {
        for (String batch : List.of("elsewhere", "older")) {
            openAi.refused(batch + "/chat-retrying", "openai.PermissionDeniedError", "not_allowed");
            JsonObject line =
                    anthropic.refused(
                            batch + "/messages-retrying",
                            "anthropic.PermissionDeniedError",
                            "not_allowed");
            assertEquals("permission_error", line.getString("type"));
        }
    }

    @Test
    void whatCannotBeReadOrRoutedSaysSo() {
        openAi.refused("app/bad-request", "openai.BadRequestError", "bad_request");
        anthropic.refused("app/bad-request", "anthropic.BadRequestError", "bad_request");
        openAi.refused("app/too-large", "openai.APIStatusError", "too_large");
        assertEquals(413, openAi.of("app/too-large").getInteger("status"));
        anthropic.refused("app/too-large", "anthropic.ContentTooLargeError", "too_large");
        openAi.refused("nowhere/chat-retrying", "openai.NotFoundError", "no_route");
        JsonObject line = anthropic.raised("nowhere/messages-retrying", "anthropic.NotFoundError");
        assertEquals("no_route", header(line, "x-weir-reason"));
        assertEquals(1, line.getInteger("attempts"));
    }

    @Test
    void whatIsAwayIsAServerError() {
        openAi.refused("dead/chat", "openai.InternalServerError", "upstream_unavailable");
        assertEquals(502, openAi.of("dead/chat").getInteger("status"));
        anthropic.refused("dead/messages", "anthropic.InternalServerError", "upstream_unavailable");
        openAi.refused("blind/chat", "openai.InternalServerError", "ledger_unavailable");
        assertEquals(503, openAi.of("blind/chat").getInteger("status"));
        JsonObject line =
                anthropic.refused(
                        "blind/messages",
                        "anthropic.ServiceUnavailableError",
                        "ledger_unavailable");
        assertEquals("1", header(line, "retry-after"));
        assertEquals("overloaded_error", line.getString("type"));
    }

    /** Another call holds the rest of the budget; it ends once the SDK has been refused. */
    @Test
    void aReservedBudgetIsAskedAgain() throws Exception {
        for (Sdk sdk : List.of(Sdk.OPENAI, Sdk.ANTHROPIC)) {
            World.Weir weir = world.weir(YAML);
            boolean chat = sdk == Sdk.OPENAI;
            CompletableFuture<?> holder = hold(weir, chat);
            String url = weir.url() + (chat ? "/openai" : "/anthropic");
            Target target = new Target(sdk, url, "wk_shared").with("--max-tokens", "20000");
            String name = chat ? "chat-retrying" : "messages-retrying";
            CompletableFuture<List<JsonObject>> called =
                    CompletableFuture.supplyAsync(() -> sdks.run(target, name));

            assertTrue(weir.nextCall().contains("\"budget_reserved\""));
            holder.cancel(true);

            JsonObject line = called.get(World.PATIENCE_SECONDS, TimeUnit.SECONDS).getFirst();
            assertEquals("ok", line.getString("outcome"), line::encodePrettily);
            JsonArray statuses = line.getJsonArray("statuses");
            assertEquals(429, statuses.getInteger(0), line::encodePrettily);
            assertEquals(200, statuses.getInteger(statuses.size() - 1));
            assertNull(header(line, "x-weir-reason"));
        }
    }

    /** A call that takes most of the budget for as long as it is not cancelled. */
    private CompletableFuture<?> hold(World.Weir weir, boolean chat) throws Exception {
        CompletableFuture<Void> arrived =
                world.provider().recorder().seen(world.provider().recorder().seen() + 1);
        CompletableFuture<?> holder =
                http.sendAsync(
                        weir.request(
                                chat ? "/openai/v1/chat/completions" : "/anthropic/v1/messages",
                                HELD.replace("MODEL", chat ? "gpt-6-luna" : "claude-haiku-5-5"),
                                "authorization",
                                "Bearer wk_shared",
                                "anthropic-version",
                                "2023-06-01",
                                "x-sim",
                                "stall=before-headers"),
                        BodyHandlers.ofString());
        arrived.get(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
        return holder;
    }
}
