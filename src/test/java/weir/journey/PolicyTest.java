package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What limits do at their edges: without a price, in shadow, by header and label, when soft. */
final class PolicyTest {
    private static final String PROVIDERS =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              local: { type: openai, base-url: "${PROVIDER}", prices: free,
                       credentials: [{ name: a, secret: "${SECRET}" }] }
            """;
    private static final String ANYBODY =
            PROVIDERS + "callers: { default-tenant: shop }\nlimits:\n";
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String KNOWN = body("gpt-6-luna");
    private static final String UNKNOWN = body("gpt-99-nobody-knows");

    private final World world = new World();

    private static String body(String model) {
        return "{\"model\":\""
                + model
                + "\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    @AfterEach
    void close() {
        world.close();
    }

    private World.Weir weir(String limits) {
        return world.weir(ANYBODY + limits);
    }

    private static HttpResponse<String> assertStatus(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return answer;
    }

    private static String reason(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-weir-reason").orElse("none");
    }

    private static JsonObject call(World.Weir weir) {
        return new JsonObject(weir.nextCall());
    }

    @Test
    void awsReadsHowLongToWaitInAHeaderOfItsOwn() {
        String bedrock = "bedrock: { base-url: \"${PROVIDER}\" }\n  openai:";
        World.Weir weir =
                world.weir(
                        ANYBODY.replaceFirst("openai:", Matcher.quoteReplacement(bedrock))
                                + "  - { name: hourly, requests: 1/h }");
        String path = "/bedrock/model/amazon.nova-pro-v1:0/converse";
        weir.post(path, "{\"messages\":[]}");
        HttpResponse<String> answer = assertStatus(429, weir.post(path, "{\"messages\":[]}"));
        String seconds = answer.headers().firstValue("retry-after").orElse("none");
        assertEquals(
                seconds + "000", answer.headers().firstValue("x-amz-retry-after").orElse("none"));
    }

    @Test
    void aModelWithoutAPriceDoesNotPassABudget() {
        World.Weir weir = weir("  - { name: daily, spend: 50 USD/day }");

        HttpResponse<String> answer = assertStatus(402, weir.post(CHAT, UNKNOWN));

        assertEquals("unpriced", reason(answer));
        assertEquals("daily", answer.headers().firstValue("x-weir-limit").orElse("none"));
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElse("none"));
        assertTrue(answer.body().contains("gpt-99-nobody-knows"), answer.body());
        assertEquals(0, world.provider().recorder().seen());
    }

    @Test
    void aModelWithoutAPricePassesWhereItMay() {
        World.Weir weir = weir("  - { name: daily, spend: 50 USD/day, unpriced: allow }");

        assertStatus(200, weir.post(CHAT, UNKNOWN));

        JsonObject line = call(weir);
        assertEquals(0, line.getLong("cost_nano_usd"));
        assertTrue(line.getLong("output") > 0, line::encodePrettily);
    }

    @Test
    void aModelWithoutAPricePassesWhereNoBudgetApplies() {
        World.Weir weir =
                weir(
                        """
                          - { name: rate, requests: 5/min }
                          - { name: other, match: { provider: anthropic }, spend: 1 USD/day }
                          - { name: tried, spend: 1 USD/day, mode: shadow }
                        """);

        assertStatus(200, weir.post(CHAT, UNKNOWN));
    }

    @Test
    void aFlatPriceIsWhatACallWithoutAPriceCosts() {
        World.Weir weir = weir("  - { name: daily, spend: 0.025 USD/day, unpriced: 0.01 USD }");

        for (int i = 0; i < 2; i++) {
            assertStatus(200, weir.post(CHAT, UNKNOWN));
            JsonObject line = call(weir);
            assertEquals(10_000_000, line.getLong("cost_nano_usd"), line::encodePrettily);
            assertEquals(10_000_000, line.getLong("reserved_nano_usd"), line::encodePrettily);
        }
        HttpResponse<String> third = assertStatus(402, weir.post(CHAT, UNKNOWN));
        assertEquals("budget_exhausted", reason(third));
        assertTrue(third.body().contains("\"left\":\"0.005\""), third.body());
        assertStatus(200, weir.post(CHAT, KNOWN));
    }

    @Test
    void whatIsFreeIsMeteredAndCostsNothing() {
        World.Weir weir = weir("  - { name: none, spend: 0.000001 USD/day, tokens: 5000/min }");

        assertStatus(200, weir.post("/local/v1/chat/completions", UNKNOWN));

        JsonObject line = call(weir);
        assertEquals(0, line.getLong("cost_nano_usd"), line::encodePrettily);
        assertEquals(16, line.getLong("output"), line::encodePrettily);
        assertEquals("budget_exhausted", reason(assertStatus(402, weir.post(CHAT, KNOWN))));
    }

    @Test
    void aLimitInShadowCountsAndRefusesNobody() {
        World.Weir weir =
                weir(
                        """
                          - { name: tried, requests: 1/h, mode: shadow }
                          - { name: cheap, spend: 0.000001 USD/day, mode: shadow }
                        """);

        for (int i = 0; i < 3; i++) {
            assertStatus(200, weir.post(CHAT, KNOWN));
            assertEquals("ok", call(weir).getString("outcome"));
        }
        String refused = "weir_shadow_refusals_total{limit=\"tried\"";
        assertTrue(weir.scrape().contains(refused), weir.scrape());
    }

    @Test
    void aHeadersValueHasACounterOfItsOwn() {
        World.Weir weir = weir("  - { name: each, per: ['header:x-user'], requests: 1/h }");

        assertStatus(200, weir.post(CHAT, KNOWN, "x-user", "ann"));
        assertEquals("rate_limited", reason(weir.post(CHAT, KNOWN, "x-user", "ann")));
        assertStatus(200, weir.post(CHAT, KNOWN, "X-User", "bob"));
        assertStatus(200, weir.post(CHAT, KNOWN));
        assertStatus(429, weir.post(CHAT, KNOWN));
    }

    @Test
    void aLabelMatchesAndCounts() {
        world.keys("a", "b", "c", "d");
        String yaml =
                PROVIDERS
                        + """
                        callers:
                          keys:
                            - { name: a, tenant: t, sha256: "${a}", labels: { team: x, env: prod } }
                            - { name: b, tenant: t, sha256: "${b}", labels: { team: x, env: prod } }
                            - { name: c, tenant: t, sha256: "${c}", labels: { team: y, env: prod } }
                            - { name: d, tenant: t, sha256: "${d}", labels: { team: x, env: dev } }
                        limits:
                          - name: team
                            match: { 'label:env': prod }
                            per: ['label:team']
                            requests: 1/h
                        """;
        World.Weir weir = world.weir(yaml);

        assertStatus(200, as(weir, "a"));
        assertEquals("rate_limited", reason(as(weir, "b")));
        assertStatus(200, as(weir, "c"));
        assertStatus(200, as(weir, "d"));
        assertStatus(200, as(weir, "d"));
    }

    private static HttpResponse<String> as(World.Weir weir, String key) {
        return weir.post(CHAT, KNOWN, "authorization", "Bearer wk_" + key);
    }

    @Test
    void pastASoftThresholdAnswersWarn() {
        World.Weir weir = weir("  - { name: daily, spend: 0.01 USD/day, soft: [50%, 80%] }");

        HttpResponse<String> first = weir.post(CHAT, KNOWN, "x-sim", "usage.output=12000");
        assertEquals("none", warning(first));
        HttpResponse<String> second = weir.post(CHAT, KNOWN, "x-sim", "usage.output=5000");
        assertEquals("daily;soft=50;used=60", warning(second));
        assertEquals("daily;soft=80;used=85", warning(weir.post(CHAT, KNOWN)));
    }

    private static String warning(HttpResponse<String> answer) {
        assertStatus(200, answer);
        return answer.headers().firstValue("x-weir-budget-warning").orElse("none");
    }

    @Test
    void whatCostsNothingPassesASpentBudget() throws Exception {
        World.Weir weir = weir("  - { name: none, spend: 0.000001 USD/day }");
        assertStatus(402, weir.post(CHAT, KNOWN));

        assertFreeCallsPass(weir);
    }

    /** Free calls need no reservation, so they pass while nobody counts. */
    @Test
    void whatCostsNothingNeedsNoLedger() throws Exception {
        World.Weir weir =
                world.weir(
                        ANYBODY + "  - { name: daily, spend: 9 USD/day }",
                        World.settings(Optional.of("redis://127.0.0.1:1")));
        assertEquals("ledger_unavailable", reason(assertStatus(503, weir.post(CHAT, KNOWN))));

        assertFreeCallsPass(weir);
    }

    private static void assertFreeCallsPass(World.Weir weir) throws Exception {
        assertStatus(200, weir.post("/openai/v1/moderations", "{\"input\":\"Hi\"}"));
        assertStatus(
                200,
                weir.post(
                        "/anthropic/v1/messages/count_tokens",
                        body("claude-haiku-5-5"),
                        "anthropic-version",
                        "2023-06-01"));
        HttpRequest models =
                HttpRequest.newBuilder(URI.create(weir.url() + "/openai/v1/models")).build();
        assertStatus(200, HttpClient.newHttpClient().send(models, BodyHandlers.ofString()));
        call(weir);
        for (int i = 0; i < 3; i++) {
            JsonObject line = call(weir);
            assertEquals(0, line.getLong("reserved_nano_usd"), line::encodePrettily);
            assertEquals("ok", line.getString("outcome"), line::encodePrettily);
        }
    }

    @Test
    void anEndpointWithoutAPriceDoesNotPassABudget() {
        World.Weir budget = weir("  - { name: daily, spend: 50 USD/day }");
        String images = "/openai/v1/images/generations";
        for (String path : new String[] {images, "/openai/v1/videos", "/openai/v1/new/thing"}) {
            HttpResponse<String> answer = assertStatus(402, budget.post(path, "{}"));
            assertEquals("unpriced", reason(answer));
        }
        assertEquals(0, world.provider().recorder().seen());

        World.Weir rate = weir("  - { name: rate, requests: 5/min }");
        // The simulated provider does not know it, but it is asked.
        assertEquals("none", reason(assertStatus(404, rate.post(images, "{}"))));
        assertEquals(1, world.provider().recorder().seen());
    }
}
