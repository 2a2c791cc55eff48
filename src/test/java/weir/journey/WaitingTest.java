package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.app.Settings;
import weir.redis.TestRedis;

/** Calls that wait for limits, over real sockets. */
final class WaitingTest {
    private static final String HEAD =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
            """;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY =
            "{\"model\":\"gpt-6-luna\",\"max_tokens\":20,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String SLOT =
            HEAD + "  - { name: slot, concurrent: 1, on-limit: { wait: 60s } }";

    private static final String RATE =
            HEAD + "  - { name: r, requests: 1/s, burst: 100%, on-limit: { wait: 5s } }";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static CompletableFuture<HttpResponse<String>> start(
            HttpClient client, World.Weir weir, String... headers) {
        return client.sendAsync(weir.request(CHAT, BODY, headers), BodyHandlers.ofString());
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static String reason(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-weir-reason").orElse("none");
    }

    /** Until so many wait. */
    private static void awaitWaiting(World.Weir weir, int waiting) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
        while (!weir.scrape().contains("weir_waiting " + waiting + ".0")) {
            assertTrue(System.nanoTime() < end, weir.scrape());
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void callsWaitForARateAndTheLogSaysHowLong() throws Exception {
        World.Weir weir = world.weir(RATE);
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(start(client, weir));
        }
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            assertEquals(200, get(call).statusCode(), get(call).body());
        }

        assertFalse(new JsonObject(weir.nextCall()).containsKey("waited_us"));
        long before = 0;
        for (int i = 0; i < 2; i++) {
            JsonObject line = new JsonObject(weir.nextCall());
            long waited = line.getLong("waited_us");
            assertTrue(waited > before, line::encodePrettily);
            assertTrue(line.getLong("total_us") >= waited, line::encodePrettily);
            assertTrue(line.getLong("reserve_us") < 500_000, line::encodePrettily);
            before = waited;
        }
        assertTrue(weir.scrape().contains("weir_waited_seconds_count 2"), weir.scrape());
        assertEquals("", weir.bugs());
    }

    @Test
    void theWaitEndsWithTheRefusal() throws Exception {
        World.Weir weir =
                world.weir(HEAD + "  - { name: slot, concurrent: 1, on-limit: { wait: 300ms } }");
        HttpClient client = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> first =
                start(client, weir, "x-sim", "stall=before-headers");
        get(world.provider().recorder().seen(1));

        HttpResponse<String> second = weir.post(CHAT, BODY);

        assertEquals(429, second.statusCode(), second.body());
        assertEquals("rate_limited", reason(second));
        assertEquals("1", second.headers().firstValue("retry-after").orElse("none"));
        JsonObject line = new JsonObject(weir.nextCall());
        assertTrue(line.getLong("waited_us") >= 300_000, line::encodePrettily);
        first.cancel(true);
    }

    /** With real Redis and its slots, which a settlement frees. */
    @Test
    void callsPassOneByOneThroughOneSlot() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            Settings settings = World.settings(Optional.of(redis.url()));
            World.Weir weir = world.weir(SLOT, settings);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
            while (!weir.sidecar().ledgerIsUp() && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
            }
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(start(client, weir));
            }
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                assertEquals(200, get(call).statusCode(), get(call).body());
            }
            awaitWaiting(weir, 0);
            assertEquals("", weir.bugs());
            weir.stop();
        }
    }

    @Test
    void whoLeavesIsOutOfTheLineAtOnce() throws Exception {
        World.Weir weir = world.weir(SLOT);
        HttpClient stays = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> first =
                start(stays, weir, "x-sim", "stall=before-headers");
        get(world.provider().recorder().seen(1));
        CompletableFuture<HttpResponse<String>> leaves = start(HttpClient.newHttpClient(), weir);
        awaitWaiting(weir, 1);

        leaves.cancel(true);

        JsonObject line = new JsonObject(weir.nextCall());
        assertTrue(weir.scrape().contains("weir_waiting 0.0"), weir.scrape());
        assertEquals("caller_gone", line.getString("outcome"), line::encodePrettily);
        assertEquals(0, line.getLong("cost_nano_usd"));
        assertEquals(1, world.provider().recorder().seen(), "it was never forwarded");
        first.cancel(true);
        assertEquals(200, weir.post(CHAT, BODY).statusCode());
        assertEquals("", weir.bugs());
    }

    @Test
    void aReloadLeavesThoseWhoWaitInLine() throws Exception {
        World.Weir weir = world.weir(SLOT);
        HttpClient client = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> first =
                start(client, weir, "x-sim", "stall=before-headers");
        get(world.provider().recorder().seen(1));
        CompletableFuture<HttpResponse<String>> second = start(client, weir);
        awaitWaiting(weir, 1);

        weir.reload(HEAD + "  - { name: slot, concurrent: 1 }");

        assertEquals("rate_limited", reason(weir.post(CHAT, BODY)), "new calls do not wait");
        first.cancel(true);
        assertEquals(200, get(second).statusCode());
        awaitWaiting(weir, 0);
    }

    @Test
    void aStopRefusesThoseWhoWait() throws Exception {
        World.Weir weir = world.weir(SLOT);
        HttpClient client = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> first =
                start(client, weir, "x-sim", "stall=before-headers");
        get(world.provider().recorder().seen(1));
        CompletableFuture<HttpResponse<String>> second = start(client, weir);
        awaitWaiting(weir, 1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(weir::stop);

        assertEquals(503, get(second).statusCode());
        assertEquals("draining", reason(get(second)));
        first.cancel(true);
        get(stopped);
    }
}
