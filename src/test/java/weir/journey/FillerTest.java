package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Trap 20: while a call waits for its turn, DeepSeek sends empty lines in front of the answer; the
 * caller's timeouts rest on them, so they go on at once.
 */
final class FillerTest {
    private static final String YAML =
            """
            providers:
              deepseek: { base-url: "${QUEUE}", credentials: [{ name: a, secret: "${SECRET}" }],
                models: { ours: deepseek-v4-pro } }
            callers: { default-tenant: shop }
            limits:
              - { name: much, match: { model: deepseek-v4-pro }, per: [provider], spend: 900 USD/day }
            """;
    private static final String ANSWER =
            """
            {"model":"deepseek-v4-pro","choices":[],"usage":{"prompt_tokens":1000,\
            "completion_tokens":10,"total_tokens":1010,"prompt_cache_hit_tokens":1000}}\
            """;

    private final World world = new World();
    private final CompletableFuture<HttpServerResponse> waiting = new CompletableFuture<>();

    @AfterEach
    void stop() {
        world.close();
    }

    private void queue(HttpServerRequest request) {
        request.response().setChunked(true).putHeader("content-type", "application/json");
        request.endHandler(end -> {
            request.response().write("\n");
            waiting.complete(request.response());
        });
        request.resume();
    }

    @Test
    void passesBeforeTheAnswerThatItStandsBefore() throws Exception {
        World.Weir weir = world.serve("QUEUE", this::queue).weir(YAML);
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient()
                        .send(
                                weir.request("/deepseek/chat/completions", "{\"model\":\"ours\"}"),
                                BodyHandlers.ofInputStream());
        assertEquals('\n', answer.body().read());
        assertFalse(answer.headers().firstValue("x-weir-cost-usd").isPresent());
        World.await(waiting.get(World.PATIENCE_SECONDS, TimeUnit.SECONDS).end(ANSWER));
        assertEquals(ANSWER, new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        JsonObject call = new JsonObject(weir.nextCall());
        assertEquals(
                "deepseek-v4-pro", call.getString("model"), "what it is, not what it is called");
        long nanoUsd = call.getLong("cost_nano_usd");
        assertTrue(nanoUsd == 41_800 || nanoUsd == 83_600, call::encodePrettily);
    }
}
