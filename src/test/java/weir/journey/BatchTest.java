package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trap 11: what a batch uses is told a day later, and in another place. */
final class BatchTest {
    private static final String YAML =
            """
            providers:
              anthropic:
                base-url: "${BATCHES}"
                account-calls: allow
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers:
              keys: [{ name: app, tenant: shop, sha256: "${APP}" }]
            limits: [{ name: purse, per: [tenant], spend: 1 USD/total }]
            """;
    private static final String ONE =
            "{\"custom_id\":\"%s\",\"params\":{\"model\":\"claude-opus-5-5\",\"max_tokens\":1000,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}";
    private static final String CREATE =
            "{\"requests\":[" + ONE.formatted("a") + "," + ONE.formatted("b") + "]}";
    private static final String PATH = "/anthropic/v1/messages/batches";
    private static final String RESULT =
            """
            {"custom_id":"%s","result":{"type":"succeeded","message":{"model":"claude-opus-5-5",\
            "usage":{"input_tokens":100,"output_tokens":50,"service_tier":"batch"}}}}
            """;

    private final World world = new World();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String status = "in_progress";
    private volatile String results = RESULT.formatted("b") + RESULT.formatted("a");

    @BeforeEach
    void serve() {
        world.serve("BATCHES", this::answer);
        world.env("APP", World.sha256("wk_app"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        seen.add(request.method() + " " + request.uri());
        assertEquals("2026-10-21", request.getHeader("anthropic-version"));
        assertEquals("Bearer " + World.SECRET, request.getHeader("authorization"));
        assertFalse(request.headers().toString().contains("wk_"));
        boolean asked = request.path().endsWith("/results");
        String now = request.method().equals(HttpMethod.POST) ? "in_progress" : status;
        String batch =
                """
                {"id":"msgbatch_1","processing_status":"%s",\
                "results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_1/results"}\
                """
                        .formatted(now);
        request.bodyHandler(body ->
                request.response()
                        .putHeader("content-type", asked ? "text/plain" : "application/json")
                        .end(asked ? results : batch));
    }

    private static HttpResponse<String> create(World.Weir weir) {
        return weir.post(
                PATH, CREATE, "authorization", "Bearer wk_app", "anthropic-version", "2026-10-21");
    }

    /** Two answers of 100 and 50 tokens, at half of 4 and 20 USD a million. */
    @Test
    void aBatchIsSettledByItsResults() {
        World.Weir weir = world.weir(YAML);
        HttpResponse<String> created = create(weir);
        assertEquals(200, created.statusCode(), created.body());
        assertTrue(
                created.body().contains('"' + weir.url() + PATH + "/msgbatch_1/results\""),
                created.body());
        assertTrue(weir.nextCall().contains("\"cost_nano_usd\":0,"));
        FailureBench.until("asked twice", () -> seen.size() >= 3);
        status = "ended";
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":1400000,"), line);
        assertFalse(line.contains("estimated"), line);
        assertEquals("GET /v1/messages/batches/msgbatch_1/results", seen.getLast());
    }

    /** At the standard price, of which the discount is sure only when it is told. */
    @Test
    void itsWorstCaseIsHeldMeanwhile() {
        World.Weir weir = world.weir(YAML.replace("1 USD", "0.09 USD"));
        assertEquals(200, create(weir).statusCode());
        HttpResponse<String> second = create(weir);
        assertEquals("budget_reserved", second.headers().firstValue("x-weir-reason").orElse(""));
        status = "ended";
        weir.nextEvent("job");
        FailureBench.until("there is room", () -> create(weir).statusCode() == 200);
    }

    @Test
    void aMissingResultIsChargedAtTheWorstCase() {
        results = RESULT.formatted("a");
        status = "ended";
        World.Weir weir = world.weir(YAML);
        create(weir);
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"estimated\":true,"), line);
        assertTrue(line.contains("\"output\":2000,"), line);
    }
}
