package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trap 11: usage that never crosses the request that caused it. */
final class JobsTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${JOBS}"
                account-calls: allow
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers: { default-tenant: shop }
            limits: [{ name: purse, per: [tenant], spend: 1 USD/total }]
            """;
    private static final String CREATE =
            "{\"model\":\"gpt-4.1\",\"input\":\"hi\",\"background\":true,\"max_output_tokens\":1000}";
    private static final String PATH = "/openai/v1/responses";

    private final World world = new World();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String status = "in_progress";
    private volatile int answer = 200;
    private final HttpServer provider =
            World.await(
                    world.vertx()
                            .createHttpServer()
                            .requestHandler(this::answer)
                            .listen(0, "127.0.0.1"));

    @BeforeEach
    void name() {
        world.env("JOBS", "http://127.0.0.1:" + provider.actualPort());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        seen.add(request.method() + " " + request.uri());
        assertEquals("Bearer " + World.SECRET, request.getHeader("authorization"));
        boolean create = request.method().equals(HttpMethod.POST);
        String now = create ? "queued" : status;
        String usage =
                now.equals("completed") ? "{\"input_tokens\":100,\"output_tokens\":50}" : "null";
        request.response()
                .setStatusCode(create ? 200 : answer)
                .putHeader("content-type", "application/json")
                .end(
                        """
                        {"id":"resp_1","status":"%s","model":"gpt-4.1","output":[],"usage":%s}\
                        """
                                .formatted(now, usage));
    }

    private static double gauge(World.Weir weir, String name) {
        return weir.scrape()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .sum();
    }

    @Test
    void aBackgroundResponseIsSettledWhenWeirSeesItsEnd() {
        World.Weir weir = world.weir(YAML);
        assertEquals(200, weir.post(PATH, CREATE).statusCode());
        assertTrue(weir.nextCall().contains("\"cost_nano_usd\":0,"));
        FailureBench.until("it is under way", () -> gauge(weir, "weir_jobs") == 1);
        FailureBench.until("asked twice", () -> seen.size() >= 3);
        assertEquals(0, gauge(weir, "weir_spend_usd_total{"));
        status = "completed";
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertFalse(line.contains("estimated"), line);
        assertEquals(0, gauge(weir, "weir_jobs"));
        assertEquals(0.0006, gauge(weir, "weir_spend_usd_total{"));
        assertEquals("GET /v1/responses/resp_1", seen.getLast());
    }

    @Test
    void whatItMayCostIsHeldMeanwhile() {
        World.Weir weir = world.weir(YAML.replace("1 USD", "0.009 USD"));
        assertEquals(200, weir.post(PATH, CREATE).statusCode());
        HttpResponse<String> second = weir.post(PATH, CREATE);
        assertEquals("budget_reserved", second.headers().firstValue("x-weir-reason").orElse(""));
        status = "completed";
        weir.nextEvent("job");
        FailureBench.until("there is room", () -> weir.post(PATH, CREATE).statusCode() == 200);
    }

    @Test
    void aCallersOwnQuestionMakesWeirAsk() throws IOException, InterruptedException {
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked by itself", () -> seen.size() >= 6);
        status = "completed";
        int before = seen.size();
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(weir.url() + PATH + "/resp_1")).build();
        HttpClient.newHttpClient().send(question, HttpResponse.BodyHandlers.ofString());
        weir.nextEvent("job");
        assertEquals(before + 2, seen.size(), "the caller's question and Weir's own");
    }

    @Test
    void whatIsUnderWayAtTheStopIsChargedAtItsWorstCase() {
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked", () -> seen.size() >= 2);
        weir.stop();
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"estimated\":true,"), line);
        assertTrue(line.contains("\"output\":1000,"), line);
    }

    @Test
    void anErrorDoesNotEndIt() {
        answer = 404;
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked more than once", () -> seen.size() >= 4);
        assertEquals(1, gauge(weir, "weir_jobs"), "it may come back");
    }
}
