package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

/** Trap 17: absolute URLs in answers lead around the proxy. */
final class LinksTest {
    private static final String YAML =
            """
            providers:
              replicate:
                base-url: "${REPLICATE}"
                account-calls: allow
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers: { default-tenant: shop }
            prices:
              models: [{ provider: replicate, model: "acme/*", hardware-hours: 3.6 }]
            limits: [{ name: purse, per: [tenant], spend: 50 USD/total }]
            """;
    private static final String PATH = "/v1/models/acme/m/predictions";

    /** Odd spaces, escapes and order, all of which stay; and a file, whose address is no link. */
    private static final String PREDICTION =
            """
            {"id":"p1","status" : "succeeded",
             "input":{"image":"https://api.replicate.com/v1/files/f"},
             "urls":{"cancel":"API/v1/predictions/p1/cancel", "get": "API/v1/predictions/p1",
             "stream":"https://stream.replicate.com/v1/x","web":"https://replicate.com/p/p1"},
            "metrics":{"predict_time":1.5},"output":"\\u00e9 %s"}
            """;

    private final World world = new World();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String prediction = PREDICTION.formatted("text");

    @BeforeEach
    void serve() {
        world.serve("REPLICATE", this::answer);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        seen.add(
                request.method()
                        + " "
                        + request.uri()
                        + " "
                        + request.getHeader("accept-encoding"));
        boolean list = request.path().equals("/v1/predictions");
        String next = "{\"next\":\"API/v1/predictions?cursor=c\",\"previous\":null,";
        String body = list ? next + "\"results\":[" + prediction + "]}" : prediction;
        request.bodyHandler(sent ->
                request.response()
                        .setStatusCode(request.method().name().equals("POST") ? 201 : 200)
                        .putHeader("content-type", "application/json")
                        .end(body.replace("API", "https://api.replicate.com")));
    }

    private static HttpResponse<String> get(String url) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url))
                            .header("accept-encoding", "gzip, deflate")
                            .build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void trap17LinksOfAPredictionLeadBackHere() {
        World.Weir weir = world.weir(YAML);
        String home = weir.url() + "/replicate";
        HttpResponse<String> created = weir.post("/replicate" + PATH, "{\"input\":{}}");
        String expected = prediction.replace("API", home);
        assertEquals(expected, created.body());
        assertEquals("0.0015", created.headers().firstValue("x-weir-cost-usd").orElse(""));
        assertEquals(expected, get(home + "/v1/predictions/p1").body());
        assertEquals(expected, weir.post("/replicate/v1/predictions/p1/cancel", "").body());
        assertEquals("GET /v1/predictions/p1 identity", seen.get(1));
    }

    @Test
    void aListLeadsBackToo() {
        World.Weir weir = world.weir(YAML);
        String home = weir.url() + "/replicate";
        String list = get(home + "/v1/predictions").body();
        assertFalse(
                list.replace("v1/files", "").contains("\"https://api.replicate.com/v1/p"), list);
        assertEquals("{\"next\":\"" + home + "/v1/predictions?cursor=c\"", list.split(",", 2)[0]);
    }

    /** What others are told to fetch from must be where they can reach it. */
    @Test
    void whatIsNoPredictionStays() {
        World.Weir weir = world.weir(YAML);
        String files = get(weir.url() + "/replicate/v1/files/f").body();
        assertEquals(prediction.replace("API", "https://api.replicate.com"), files);
    }

    @Test
    void aLargeAnswerPassesAsItIs() {
        prediction = PREDICTION.formatted("x".repeat(2 << 20));
        World.Weir weir = world.weir(YAML);
        String large = get(weir.url() + "/replicate/v1/predictions/p1").body();
        assertEquals(prediction.replace("API", "https://api.replicate.com"), large);
    }
}
