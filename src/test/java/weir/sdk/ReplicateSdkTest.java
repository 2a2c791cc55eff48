package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;
import weir.sdk.VendorServer.Answered;
import weir.sdk.VendorServer.Asked;

/** replicate through Weir: jobs that are settled when they end, whoever sees it. */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplicateSdkTest {
    private static final String YAML =
            """
            providers:
              replicate: { base-url: "${REPLICATE}", credentials: [{ name: a, secret: "${SECRET}" }] }
              dead: { type: replicate, base-url: "http://127.0.0.1:1", prices: free }
            callers:
              keys:
                - { name: app, tenant: app, sha256: "${app}" }
                - { name: minute, tenant: minute, sha256: "${minute}" }
                - { name: small, tenant: small, sha256: "${small}" }
            prices:
              models: [{ provider: replicate, model: "acme/*", hardware-hours: 3.6 }]
            limits:
              - { name: a-minute, match: { key: minute }, per: [key], requests: 1/min }
              - { name: too-small, match: { key: small }, per: [key], spend: 0.00001 USD/day }
              - { name: any, match: { key: app }, per: [key], spend: 50 USD/day }
            """;
    private static final String ERROR = "replicate.exceptions.ReplicateError";

    private final World world = new World();
    private final Map<String, Integer> questions = new ConcurrentHashMap<>();
    private final VendorServer replicate = new VendorServer(world, "REPLICATE", this::answer);
    private final Outcomes outcomes = new Outcomes();
    private final Map<String, List<String>> jobs = new TreeMap<>();
    private World.Weir weir;

    @BeforeAll
    void runEveryCase() {
        weir = world.keys("app", "minute", "small").weir(YAML);
        outcomes.plan(
                        "app",
                        target("replicate", "app"),
                        "run",
                        "create",
                        "version",
                        "cancel",
                        "follow",
                        "unknown-key",
                        "provider-429",
                        "provider-500")
                .plan("minute", target("replicate", "minute"), "run", "create")
                .plan("small", target("replicate", "small"), "run")
                .plan("dead", target("dead", "app"), "run")
                .run(PythonSdks.more());
        for (int i = 0; i < 6; i++) {
            JsonObject job = new JsonObject(weir.nextEvent("job"));
            jobs.computeIfAbsent(job.getString("model"), m -> new ArrayList<>()).add(job.encode());
        }
    }

    private Target target(String provider, String key) {
        return new Target(Sdk.REPLICATE, weir.url() + "/" + provider, "wk_" + key);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /** Every prediction is over at the second question. */
    private Answered answer(Asked asked) {
        if (asked.wanted() != 200) {
            return Answered.json(
                    asked.wanted(), "{\"status\":%d,\"detail\":\"no\"}".formatted(asked.wanted()));
        }
        assertEquals("Bearer " + World.SECRET, asked.header("authorization"));
        if (asked.path().endsWith("/cancel")) {
            String id = asked.path().split("/", -1)[3];
            questions.put(id, -1);
            return Answered.json(200, prediction(id, "canceled").encode());
        }
        if (asked.method().equals("POST")) {
            assertEquals("1800s", asked.header("cancel-after"));
            String id = "p" + questions.size();
            questions.put(id, 0);
            return Answered.json(201, prediction(id, "starting").encode());
        }
        String id = asked.path().substring(asked.path().lastIndexOf('/') + 1);
        int times = questions.merge(id, 1, (had, one) -> had < 0 ? had : had + one);
        String status = times < 0 ? "canceled" : times < 2 ? "processing" : "succeeded";
        return Answered.json(200, prediction(id, status).encode());
    }

    private static JsonObject prediction(String id, String status) {
        boolean over = !status.equals("starting") && !status.equals("processing");
        Map<String, Object> metrics = new HashMap<>();
        if (over) {
            metrics.put("predict_time", 2.5);
            metrics.put("input_token_count", 1_000);
            metrics.put("output_token_count", 100);
        }
        return new JsonObject()
                .put("id", id)
                .put("model", "m")
                .put("version", "hidden")
                .put("status", status)
                .put("input", new JsonObject())
                .put("output", over ? List.of("A ", "dam.") : null)
                .put("error", null)
                .put("logs", "")
                .put("metrics", metrics)
                .put("created_at", "2026-11-24T10:00:00Z")
                .put("urls", Map.of("get", "https://api.replicate.com/v1/predictions/" + id));
    }

    @Test
    void everyWayToWaitSeesTheOutput() {
        assertEquals("A dam.", outcomes.ok("app/run").getString("text"));
        JsonObject created = outcomes.ok("app/create");
        assertEquals("A dam.", created.getString("text"));
        assertEquals("starting", created.getString("first"));
        assertEquals("succeeded", outcomes.ok("app/version").getString("finish"));
        assertEquals("canceled", outcomes.ok("app/cancel").getString("finish"));
    }

    @Test
    void trap17WhoFollowsItsUrlsComesBackThroughWeir() {
        assertEquals("succeeded", outcomes.ok("app/follow").getString("finish"));
        assertTrue(outcomes.ok("app/follow").getBoolean("again"));
    }

    /** 1,000 tokens at 0.65 and 100 at 2.75 USD a million; 2.5 s at 3.60 USD an hour. */
    @Test
    void eachIsChargedWhatItUsed() {
        List<String> tokens = jobs.get("meta/llama-3-70b-instruct");
        assertEquals(5, tokens.size(), jobs::toString);
        tokens.forEach(job -> assertTrue(job.contains("\"cost_nano_usd\":925000,"), job));
        List<String> hardware = jobs.get("acme/upscaler");
        assertEquals(1, hardware.size(), jobs::toString);
        assertTrue(hardware.getFirst().contains("\"cost_nano_usd\":2500000,"), jobs::toString);
    }

    /** Trap 3: the create is sent once, whatever comes back. */
    @Test
    void refusalsRaiseTheSdksOwnClass() {
        refused("minute/create", 429, "rate_limited");
        refused("small/run", 402, "budget_exhausted");
        refused("app/unknown-key", 401, "unknown_key");
        refused("dead/run", 502, "upstream_unavailable");
        assertEquals(429, status("app/provider-429"));
        assertEquals(500, status("app/provider-500"));
    }

    private int status(String name) {
        return outcomes.raised(name, ERROR).getJsonArray("statuses").getInteger(0);
    }

    private void refused(String name, int status, String reason) {
        JsonObject line = outcomes.raised(name, ERROR);
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
        assertEquals(status, line.getJsonArray("statuses").getInteger(0), line::encodePrettily);
        assertTrue(line.getString("message").contains(reason), line::encodePrettily);
    }

    @Test
    void noCallerIsKnownToReplicate() {
        for (Asked asked : replicate.asked()) {
            assertFalse(asked.headers().toString().contains("wk_"));
        }
    }
}
