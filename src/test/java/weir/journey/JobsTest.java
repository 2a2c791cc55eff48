package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.BackgroundProvider.CREATE;
import static weir.journey.BackgroundProvider.PATH;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
    private final World world = new World();
    private final BackgroundProvider provider = new BackgroundProvider();

    @BeforeEach
    void serve() {
        world.serve("JOBS", provider);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aBackgroundResponseIsSettledWhenWeirSeesItsEnd() {
        World.Weir weir = world.weir(YAML);
        assertEquals(200, weir.post(PATH, CREATE).statusCode());
        assertTrue(weir.nextCall().contains("\"cost_nano_usd\":0,"));
        FailureBench.until("watched", () -> weir.gauge("weir_jobs") == 1);
        FailureBench.until("asked twice", () -> provider.seen.size() >= 3);
        assertEquals(0, weir.gauge("weir_spend_usd_total"));
        provider.status = "completed";
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertFalse(line.contains("estimated"), line);
        assertEquals(0, weir.gauge("weir_jobs"));
        assertEquals(0.0006, weir.gauge("weir_spend_usd_total"));
        assertEquals("GET /v1/responses/resp_1", provider.seen.getLast());
    }

    @Test
    void whatItMayCostIsHeldMeanwhile() {
        World.Weir weir = world.weir(YAML.replace("1 USD", "0.009 USD"));
        assertEquals(200, weir.post(PATH, CREATE).statusCode());
        HttpResponse<String> second = weir.post(PATH, CREATE);
        assertEquals("budget_reserved", second.headers().firstValue("x-weir-reason").orElse(""));
        provider.status = "completed";
        weir.nextEvent("job");
        FailureBench.until("there is room", () -> weir.post(PATH, CREATE).statusCode() == 200);
    }

    @Test
    void aCallersOwnQuestionMakesWeirAsk() throws IOException, InterruptedException {
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked by itself", () -> provider.seen.size() >= 6);
        provider.status = "completed";
        int before = provider.seen.size();
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(weir.url() + PATH + "/resp_1")).build();
        HttpClient.newHttpClient().send(question, HttpResponse.BodyHandlers.ofString());
        weir.nextEvent("job");
        assertEquals(before + 2, provider.seen.size(), "the caller's question and Weir's own");
    }

    @Test
    void whatIsUnderWayAtTheStopIsChargedAtItsWorstCase() {
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked", () -> provider.seen.size() >= 2);
        weir.stop();
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"estimated\":true,"), line);
        assertTrue(line.contains("\"output\":1000,"), line);
    }

    @Test
    void anErrorDoesNotEndIt() {
        provider.answer = 404;
        World.Weir weir = world.weir(YAML);
        weir.post(PATH, CREATE);
        FailureBench.until("asked more than once", () -> provider.seen.size() >= 4);
        assertEquals(1, weir.gauge("weir_jobs"), "it may come back");
    }
}
