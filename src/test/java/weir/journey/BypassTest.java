package weir.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ways round a limit, a permission or a charge, each closed. */
final class BypassTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String ANSWER =
            """
            {"id":"x","model":"gpt-6-luna","choices":[{"index":0,"message":{"content":"hi"}}],\
            "usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}\
            """;
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
            """;
    private static final String ESCAPED = "/openai/v1/chat/complet%69ons";
    private static final String OPENAI =
            """
            providers:
              openai: { base-url: "${UP}", credentials: [{ name: main, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            """;

    /** What reached the provider. */
    private record Seen(String line, String headers) {}

    private final World world = new World();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    private World.Weir weir(String yaml) {
        return weir(
                yaml,
                request ->
                        request.response()
                                .putHeader("content-type", "application/json")
                                .end(ANSWER));
    }

    private World.Weir weir(String yaml, Consumer<HttpServerRequest> answer) {
        world.serve(
                "UP",
                request -> {
                    seen.add(
                            new Seen(
                                    request.method() + " " + request.uri(),
                                    request.headers().entries().toString()));
                    request.endHandler(end -> answer.accept(request));
                });
        return world.weir(yaml);
    }

    private static int status(HttpRequest request) {
        return World.await(
                        Future.fromCompletionStage(
                                HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString())))
                .statusCode();
    }

    @Test
    void aVirtualKeyIsNotForwardedToAServerThatNeedsNone() {
        World.Weir weir =
                weir(
                        """
                        providers:
                          vllm: { type: openai, base-url: "${UP}", prices: free }
                        callers:
                          keys: [{ name: k, sha256: %s, tenant: shop }]
                        """
                                .formatted(World.sha256("wk_secret")));

        status(
                weir.request(
                        "/vllm/v1/chat/completions", CHAT, "authorization", "Bearer wk_secret"));

        assertFalse(seen.getFirst().headers().contains("wk_secret"), seen.toString());
    }

    @Test
    void aBudgetOfAModelIsNotPassedByAnEscapedPath() {
        World.Weir weir =
                weir(
                        OPENAI
                                + """
                                limits:
                                  - { name: m, match: { model: "gpt-6*" }, spend: 0.000000001 USD/day }
                                """);
        assertEquals(402, status(weir.request("/openai/v1/chat/completions", CHAT)));

        assertNotEquals(200, status(weir.request(ESCAPED, CHAT)), seen.toString());
    }

    @Test
    void aTokenLimitIsNotPassedByAnEscapedPath() {
        World.Weir weir = weir(OPENAI + "limits: [{ name: t, input-tokens: 10/day }]\n");
        assertEquals(413, status(weir.request("/openai/v1/chat/completions", CHAT)));

        assertNotEquals(200, status(weir.request(ESCAPED, CHAT)), seen.toString());
    }

    @Test
    void aKeyReachesNoForbiddenModelThroughATool() {
        World.Weir weir =
                weir(
                        """
                        providers:
                          anthropic: { base-url: "${UP}", credentials: [{ name: main, secret: "${SECRET}" }] }
                        callers:
                          keys: [{ name: k, sha256: %s, tenant: shop, models: ["claude-haiku*"] }]
                        limits:
                          - { name: dear, match: { model: "claude-opus*" }, spend: 0.000000001 USD/day }
                        """
                                .formatted(World.sha256("wk_k")));
        String body =
                """
                {"model":"claude-haiku-5-5","max_tokens":20,"messages":[{"role":"user","content":"Hi"}],\
                "tools":[{"type":"advisor_20260301","name":"advisor","model":"claude-opus-5-5"}]}\
                """;

        int status = status(weir.request("/anthropic/v1/messages", body, "x-api-key", "wk_k"));

        assertEquals(403, status, seen.toString());
    }

    @Test
    void aKeyNeitherReadsNorDeletesWhatOtherTenantsStored() {
        World.Weir weir =
                weir(
                        """
                        providers:
                          openai: { base-url: "${UP}", credentials: [{ name: main, secret: "${SECRET}" }] }
                        callers:
                          keys: [{ name: k, sha256: %s, tenant: other, models: ["gpt-6-luna"] }]
                        """
                                .formatted(World.sha256("wk_other")));

        for (String call :
                List.of("GET responses/resp_of_shop", "GET files/f/content", "DELETE files/f")) {
            String[] parts = call.split(" ", -1);
            status(
                    HttpRequest.newBuilder(URI.create(weir.url() + "/openai/v1/" + parts[1]))
                            .method(parts[0], HttpRequest.BodyPublishers.noBody())
                            .header("authorization", "Bearer wk_other")
                            .build());
        }

        assertTrue(seen.isEmpty(), seen.toString());
    }

    @Test
    void anAbandonedPlainCallIsChargedForOutputToo() throws Exception {
        World.Weir weir = weir(OPENAI + "limits: [{ name: m, spend: 5 USD/day }]\n", silent -> {});
        String dear = CHAT.replace("luna", "astra").replace(":20", ":50000");
        String head = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
            socket.getOutputStream()
                    .write((head + dear.length() + "\r\n\r\n" + dear).getBytes(UTF_8));
            while (seen.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        String line = weir.nextCall();

        assertTrue(line.contains("\"output\":"), line);
    }
}
