package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.journey.World;

/** What no official SDK does, and a script with curl may. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoogleThroughWeirTest {
    private static final String YAML =
            """
            providers:
              gemini: { base-url: "${GOOGLE}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { keys: [{ name: app, tenant: shop, sha256: "${KEY}" }] }
            limits:
              - { name: purse, per: [tenant], spend: 50 USD/day }
            """;
    private static final String MODEL = "/gemini/v1beta/models/gemini-3.8-flash:";
    private static final String ASK = "{\"contents\":{\"parts\":{\"text\":\"What is a weir?\"}}}";

    private final World world = new World();
    private final VendorServer google = new VendorServer(world, "GOOGLE", SimulatedGoogle::answer);
    private World.Weir weir;

    @BeforeAll
    void start() {
        world.env("KEY", World.sha256("wk_app"));
        weir = world.weir(YAML);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private JsonObject logged() {
        String line = weir.nextCall();
        assertFalse(line.contains("wk_"), line);
        return new JsonObject(line);
    }

    @Test
    void aKeyInTheUrlIsTakenOutOfIt() {
        HttpResponse<String> answer = weir.post(MODEL + "generateContent?key=wk_app", ASK);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("/v1beta/models/gemini-3.8-flash:generateContent", google.last().uri());
        assertEquals("app", logged().getString("key"));
    }

    /** Trap 20: an array that passes element by element, and is metered. */
    @Test
    void anArrayPassesAsItComes() {
        HttpResponse<String> answer =
                weir.post(MODEL + "streamGenerateContent", ASK, "x-goog-api-key", "wk_app");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("[{") && answer.body().endsWith("\n]\n"));
        assertEquals("chunked", answer.headers().firstValue("transfer-encoding").orElse(""));
        assertFalse(answer.headers().firstValue("x-weir-cost-usd").isPresent());
        JsonObject call = logged();
        assertEquals(930_000, call.getLong("cost_nano_usd"), call::encodePrettily);
        assertTrue(call.getBoolean("stream"));
        assertFalse(call.getBoolean("estimated", false));
    }

    /** Trap 20: what came before the error is charged, and what cannot be known is guessed. */
    @Test
    void anErrorInsideAnArrayIsNoCompleteReport() {
        HttpResponse<String> answer =
                weir.post(
                        MODEL + "streamGenerateContent",
                        ASK,
                        "x-goog-api-key",
                        "wk_app",
                        "x-sim",
                        "error-in-stream");
        assertTrue(answer.body().contains("\"UNAVAILABLE\""), answer.body());
        JsonObject call = logged();
        assertTrue(call.getBoolean("estimated"), call::encodePrettily);
        assertTrue(call.getLong("cost_nano_usd") > 750_000, call::encodePrettily);
    }

    /** Trap 20: who leaves does not stop Google, nor its bill; so the answer is read to its end. */
    @Test
    void aCallerThatLeavesPaysForTheWholeAnswer() throws Exception {
        HttpRequest request =
                weir.request(
                        MODEL + "streamGenerateContent?alt=sse",
                        ASK,
                        "x-goog-api-key",
                        "wk_app",
                        "x-sim",
                        "hold");
        try (HttpClient caller = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = caller.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                assertEquals('d', body.read());
            }
            caller.shutdownNow();
        }
        google.release();
        JsonObject call = logged();
        assertEquals(930_000, call.getLong("cost_nano_usd"), call::encodePrettily);
        assertFalse(call.getBoolean("estimated", false), call::encodePrettily);
    }

    /** Trap 20: nothing is reported, so it is priced from the request. */
    @Test
    void embeddingsArePricedFromTheRequest() {
        HttpResponse<String> answer =
                weir.post(
                        "/gemini/v1beta/models/gemini-embedding-001:batchEmbedContents",
                        "{\"requests\":[{\"content\":{\"parts\":[{\"text\":\"a weir\"}]}}]}",
                        "x-goog-api-key",
                        "wk_app");
        assertEquals(200, answer.statusCode(), answer.body());
        JsonObject call = logged();
        assertTrue(call.getBoolean("estimated"), call::encodePrettily);
        assertTrue(call.getLong("cost_nano_usd") > 0, call::encodePrettily);
    }

    @Test
    void whatHasNoPriceIsRefusedUnderABudget() {
        HttpResponse<String> answer =
                weir.post(
                        "/gemini/v1beta/models/veo-3.1-generate-preview:predictLongRunning",
                        "{}",
                        "x-goog-api-key",
                        "wk_app");
        assertEquals(402, answer.statusCode(), answer.body());
        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertEquals(402, error.getInteger("code"));
        assertEquals("unpriced", error.getJsonObject("weir").getString("reason"));
        assertEquals("unpriced", logged().getString("reason"));
    }

    @Test
    void aQueryThatHidesTheUsageIsRefused() {
        HttpResponse<String> answer =
                weir.post(
                        MODEL + "generateContent?fields=candidates",
                        ASK,
                        "x-goog-api-key",
                        "wk_app");
        assertEquals(400, answer.statusCode(), answer.body());
        assertEquals("bad_request", logged().getString("reason"));
    }
}
