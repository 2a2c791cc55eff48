package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
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
    private static final String SPARE = "      - { name: spare, secret: \"${SECRET}\" }\n";
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
    private volatile boolean stuck;
    private volatile String revoked = "none";

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
            String token = String.valueOf(request.getHeader("authorization"));
            shown.add(token);
            boolean accepted = !token.equals(revoked);
            request.bodyHandler(body ->
                    request.response()
                            .setStatusCode(accepted ? 200 : 401)
                            .end(accepted ? SERVED : "{}"));
        } else if (stuck) {
            request.resume();
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

    /** Also with a body that Weir does not read: nothing of it was sent. */
    @Test
    void aCredentialWhoseLoginFailsIsPassedOver() {
        down = true;
        World.Weir weir = world.weir(YAML.replace("callers:", SPARE + "callers:"));
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(200, weir.post("/openai/v1/moderations", "{}").statusCode());
        assertEquals(Collections.nCopies(2, "Bearer " + World.SECRET), shown);
        assertTrue(
                weir.scrape()
                        .contains(
                                "weir_upstream_login_failed_total{credential=\"pod\","
                                        + "provider=\"openai\",} 2.0"),
                weir.scrape());
        down = false;
        FailureBench.until(
                "the first one serves again",
                () ->
                        weir.post(CHAT_PATH, CHAT).statusCode() == 200
                                && shown.getLast().equals("Bearer issued-1"));
    }

    @Test
    void aLoginThatHangsLeavesTimeForTheNextCredential() {
        stuck = true;
        String yaml = YAML.replace("callers:", SPARE + "callers:");
        World.Weir weir =
                world.weir(
                        yaml.replace(
                                "    credentials",
                                "    timeouts: { connect: 1s }\n    credentials"));
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals(List.of("Bearer " + World.SECRET), shown);
    }

    @Test
    void aTokenThatTheProviderDoesNotAcceptIsIssuedAnewOnce() {
        World.Weir weir = world.weir(YAML);
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        revoked = "Bearer issued-1";
        assertEquals(401, weir.post(CHAT_PATH, CHAT).statusCode(), "the provider's own answer");
        assertEquals(401, weir.post(CHAT_PATH, CHAT).statusCode(), "it is too young");
        world.forward(30_000);
        List<CompletableFuture<Integer>> calls =
                IntStream.range(0, 50)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(
                                        () -> weir.post(CHAT_PATH, CHAT).statusCode()))
                        .toList();
        calls.forEach(CompletableFuture::join);
        assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
        assertEquals("Bearer issued-2", shown.getLast());
        assertEquals(2, logins.get());
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
