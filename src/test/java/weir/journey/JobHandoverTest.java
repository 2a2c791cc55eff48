package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.BackgroundProvider.CREATE;
import static weir.journey.BackgroundProvider.PATH;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.redis.TestRedis;

/** Work that goes on at a provider outlives the sidecar that began it. */
final class JobHandoverTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${JOBS}"
                account-calls: allow
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers:
              keys: [{ name: app, tenant: shop, sha256: "${APP}" }]
            limits: [{ name: purse, per: [tenant], spend: 0.009 USD/total }]
            """;

    private final World world = new World();
    private final BackgroundProvider provider = new BackgroundProvider();
    private final TestRedis redis = TestRedis.start();

    @BeforeEach
    void serve() {
        world.serve("JOBS", provider);
        world.env("APP", World.sha256("wk_app"));
    }

    @AfterEach
    void close() {
        world.close();
        redis.close();
    }

    private World.Weir sidecar(String yaml, boolean leases) {
        World.Weir weir =
                world.weir(yaml, FailureBench.settings(Optional.of(redis.url()), 2_000, leases));
        FailureBench.until("connected", () -> weir.sidecar().ledgerIsUp());
        return weir;
    }

    private static HttpResponse<String> create(World.Weir weir) {
        return weir.post(PATH, CREATE, "authorization", "Bearer wk_app");
    }

    private static String reason(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-weir-reason").orElse("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherSidecarSettlesWhatOneLeaves(boolean leases) {
        World.Weir first = sidecar(YAML, leases);
        assertEquals(200, create(first).statusCode());
        first.stop();
        assertEquals(0, first.gauge("weir_jobs"));
        assertEquals(0, first.gauge("weir_spend_usd_total"));
        World.Weir second = sidecar(YAML, leases);
        FailureBench.until("taken", () -> second.gauge("weir_jobs") == 1);
        assertEquals("budget_reserved", reason(create(second)));
        provider.status = "completed";
        String line = second.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertTrue(line.contains("\"tenant\":\"shop\""), line);
        assertTrue(line.contains("\"key\":\"app\""), line);
        assertTrue(
                line.contains(
                        first.nextCall().replaceAll(".*(\"request_id\":\"[^\"]+\").*", "$1")));
        assertFalse(line.contains("estimated"), line);
        assertEquals(0.0006, second.gauge("weir_spend_usd_total"));
        provider.status = "in_progress";
        FailureBench.until("there is room", () -> create(second).statusCode() == 200);
        assertEquals("budget_reserved", reason(create(second)), "600 millionths are spent");
    }

    /** As one that stood still, or was cut off, for longer than work is its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWasSilentLearnsThatAnotherHasSettled(boolean leases) {
        World.Weir first = sidecar(YAML, leases);
        assertEquals(200, create(first).statusCode());
        FailureBench.until("noted", () -> !works().isEmpty());
        String key = works();
        redis.command("ZADD", key, "XX", "0", "/v1/responses/resp_1");
        World.Weir second = sidecar(YAML, leases);
        FailureBench.until("taken", () -> second.gauge("weir_jobs") == 1);
        provider.status = "completed";
        second.nextEvent("job");
        FailureBench.until("let go", () -> first.gauge("weir_jobs") == 0);
        assertEquals(0, first.gauge("weir_spend_usd_total"), "charged once");
        provider.status = "in_progress";
        FailureBench.until("there is room", () -> create(second).statusCode() == 200);
    }

    @Test
    void whatRedisForgetsIsToldAgain() {
        World.Weir first = sidecar(YAML, true);
        create(first);
        FailureBench.until("noted", () -> !works().isEmpty());
        redis.command("FLUSHALL");
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        FailureBench.until("noted again", () -> !works().isEmpty());
        World.Weir second = sidecar(YAML, true);
        assertEquals("budget_reserved", reason(create(second)));
        first.stop();
        World.Weir third = sidecar(YAML, true);
        FailureBench.until("taken", () -> third.gauge("weir_jobs") == 1);
        redis.command("FLUSHALL");
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        FailureBench.until("noted by who took it", () -> !works().isEmpty());
        FailureBench.until("held again", () -> !redis.command("KEYS", "weir:*:holds").isEmpty());
        provider.status = "completed";
        assertTrue(third.nextEvent("job").contains("\"cost_nano_usd\":600000,"));
    }

    /** The answer to the word that it is over comes too late to be heard. */
    @Test
    void itIsSettledThoughAnAnswerIsMissing() {
        World.Weir weir =
                world.weir(YAML, FailureBench.settings(Optional.of(redis.url()), 100, true));
        FailureBench.until("connected", () -> weir.sidecar().ledgerIsUp());
        create(weir);
        FailureBench.until("noted", () -> !works().isEmpty());
        redis.command("CLIENT", "PAUSE", "1200", "ALL");
        provider.status = "completed";
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertFalse(line.contains("estimated"), line);
    }

    /** Whoever reaches Redis must not lead a credential elsewhere. */
    @Test
    void aNoteLeadsNowhereElse() {
        JsonObject note = left();
        JsonArray headers = JsonArray.of("host", "evil.example", "content-length", "5");
        for (String place : List.of("/../../other", "/a b", "/a#b", "//other/x", "/x?key=k", "x")) {
            leave(place, note.put("place", place));
        }
        note.put("place", "/v1/responses/resp_2").put("headers", headers);
        leave("/v1/responses/resp_2", note);
        provider.seen.clear();
        World.Weir second = sidecar(YAML, false);
        FailureBench.until("both taken", () -> second.gauge("weir_jobs") == 2);
        provider.status = "completed";
        FailureBench.until("all over", () -> second.gauge("weir_jobs") == 0);
        assertEquals(
                Set.of("GET /v1/responses/resp_1", "GET /v1/responses/resp_2"),
                Set.copyOf(provider.seen));
    }

    /** Other versions may write other notes, and whoever reaches Redis may write any. */
    @Test
    void aNoteThatMakesNoSenseDoesNoHarm() {
        JsonObject note = left();
        List<Object> wrong = List.of("", 0, new JsonObject(), new JsonArray(), -1);
        int number = 0;
        for (String field : note.fieldNames()) {
            for (Object value : Arrays.asList(null, wrong.get(number % wrong.size()))) {
                leave("/v1/responses/" + number++, note.copy().put(field, value));
            }
        }
        assertTrue(number < 50, "one look sees them all");
        provider.status = "completed";
        World.Weir second = sidecar(YAML, false);
        String key = works();
        FailureBench.until("all seen", () -> redis.command("ZCOUNT", key, "0", "1").equals("0"));
        assertTrue(second.nextEvent("job").contains("\"cost_nano_usd\":600000,"));
        FailureBench.until("all over", () -> second.gauge("weir_jobs") == 0);
        assertEquals("", second.bugs());
        FailureBench.until("there is room", () -> create(second).statusCode() == 200);
    }

    /** What a sidecar that has stopped has noted of its work. */
    private JsonObject left() {
        World.Weir first = sidecar(YAML, false);
        create(first);
        first.stop();
        String note = redis.command("HGET", works() + ":notes", "n/v1/responses/resp_1");
        return new JsonObject(note);
    }

    /** Notes down work that anybody may take. */
    private void leave(String work, JsonObject note) {
        redis.command("HSET", works() + ":notes", "n" + work, note.encode());
        redis.command("ZADD", works(), "0", work);
    }

    /** The set of those that are under way. */
    private String works() {
        String found = redis.command("KEYS", "weir:{jobs}:*");
        return found.lines().filter(k -> !k.endsWith(":notes")).findFirst().orElse("");
    }

    @Test
    void nothingSecretIsNoted() {
        World.Weir first = sidecar(YAML, false);
        create(first);
        first.stop();
        String notes = redis.command("HGETALL", works() + ":notes");
        assertTrue(notes.contains("\"model\":\"gpt-4.1\""), notes);
        assertFalse(notes.contains(World.SECRET) || notes.contains("wk_app"), notes);
        assertFalse(notes.toLowerCase(Locale.ROOT).contains("authorization"), notes);
    }

    /** Another application's sidecar, whose credential goes by another name. */
    @Test
    void whoReachesAnotherAccountLeavesItAlone() {
        World.Weir first = sidecar(YAML, false);
        create(first);
        first.stop();
        World.Weir other = sidecar(YAML.replace("name: a,", "name: b,"), false);
        long before = redis.calls("evalsha");
        FailureBench.until("has looked", () -> redis.calls("evalsha") > before + 2);
        assertEquals(0, other.gauge("weir_jobs"));
        provider.status = "completed";
        String line = sidecar(YAML, false).nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
    }
}
