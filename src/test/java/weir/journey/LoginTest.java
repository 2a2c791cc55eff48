package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credential that a cloud issues, seen from both sides of the sidecar. */
final class LoginTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${TWO}"
                credentials:
                  - name: pod
                    entra: { tenant: t, client-id: c, client-secret: "${SECRET}",
                             authority: "${TWO}" }
            callers: { default-tenant: shop }
            limits: [{ name: daily, spend: 50 USD/day }]
            """;
    private static final String SERVED =
            """
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-4.1","choices":[{"index":0,\
            "message":{"role":"assistant","content":"A dam."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\
            """;

    private final World world = new World();
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private volatile boolean down;

    @BeforeEach
    void serve() {
        world.serve("TWO", this::answer);
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** The cloud's token server and the provider. */
    private void answer(HttpServerRequest request) {
        request.response().putHeader("content-type", "application/json");
        if (!request.path().equals("/t/oauth2/v2.0/token")) {
            shown.add(String.valueOf(request.getHeader("authorization")));
            request.bodyHandler(body -> request.response().end(SERVED));
        } else if (down) {
            request.response().setStatusCode(503).end("{\"error\":\"temporarily_unavailable\"}");
        } else {
            request.response()
                    .end(
                            "{\"expires_in\":3599,\"access_token\":\"issued-%d\"}"
                                    .formatted(logins.incrementAndGet()));
        }
    }

    @Test
    void theProviderSeesTheTokenAndOneLoginServesAll() {
        World.Weir weir = world.weir(YAML);
        List<CompletableFuture<Integer>> calls =
                IntStream.range(0, 50)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(
                                        () -> weir.post(CHAT_PATH, CHAT).statusCode()))
                        .toList();
        calls.forEach(call -> assertEquals(200, call.join()));
        assertEquals(1, logins.get());
        assertEquals(50, shown.stream().filter("Bearer issued-1"::equals).count());
    }

    @Test
    void aReloadKeepsTheToken() {
        World.Weir weir = world.weir(YAML);
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        weir.reload(YAML.replace("50 USD", "60 USD"));
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(List.of("Bearer issued-1", "Bearer issued-1"), shown);
        weir.reload(YAML.replace("client-id: c", "client-id: d"));
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals("Bearer issued-2", shown.getLast());
    }

    @Test
    void withoutATokenNothingIsSentAndNothingIsCharged() {
        down = true;
        World.Weir weir = world.weir(YAML);
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(502, answer.statusCode(), answer.body());
        assertEquals(
                "upstream_unavailable", answer.headers().firstValue("x-weir-reason").orElse(""));
        assertFalse(answer.body().contains("oauth2"), "callers need not know: " + answer.body());
        String line = weir.nextEvent("login_failed");
        assertTrue(line.contains("answered 503 (temporarily_unavailable)"), line);
        assertTrue(weir.nextCall().contains("\"cost_nano_usd\":0"));
        assertEquals(List.of(), shown);
    }
}
