package weir.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

/** A crossed threshold, from the call that crosses it to those who are told of it. */
final class SoftThresholdTest {
    private static final String SECRET = "a-secret-of-24-characters";
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY =
            "{\"model\":\"gpt-6-luna\",\"max_tokens\":20,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: daily, per: [tenant], spend: 0.01 USD/day, soft: [50%, 80%] }
            webhooks:
              - { name: ops, url: "${HOOK}", secret: "${HOOK_SECRET}" }
            """;

    private final World world = new World();
    private final Receiver receiver = new Receiver(world.vertx());

    SoftThresholdTest() {
        world.env("HOOK", receiver.url() + "/hook?x=1").env("HOOK_SECRET", SECRET);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static void until(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String crossed(int percent, int times) {
        return "weir_soft_threshold_crossed_total{limit=\"daily\",percent=\"%d\",} %d.0"
                .formatted(percent, times);
    }

    private static String delivery(String result) {
        return "weir_webhook_deliveries_total{result=\"%s\",webhook=\"ops\",} 1.0"
                .formatted(result);
    }

    @Test
    void aCrossingIsCountedLoggedAndTold() throws Exception {
        World.Weir weir = world.weir(YAML);

        weir.post(CHAT, BODY, "x-sim", "usage.output=12000");

        Receiver.Post post = receiver.next();
        assertEquals("/hook?x=1", post.uri());
        JsonObject told = new JsonObject(post.body());
        assertEquals("budget.threshold_crossed", told.getString("type"));
        JsonObject data = told.getJsonObject("data");
        assertEquals("daily", data.getString("limit"));
        assertEquals("shop", data.getString("tenant"));
        assertEquals("shop", data.getJsonObject("scope").getString("tenant"));
        assertEquals(50, data.getInteger("percent"));
        assertEquals("0.01", data.getString("limit_usd"));
        assertTrue(data.getString("spent_usd").startsWith("0.006"), data::encodePrettily);
        assertTrue(data.getString("window_end").endsWith("T00:00:00Z"), data::encodePrettily);
        assertSigned(post);
        until("counted", () -> weir.scrape().contains(crossed(50, 1)));
        until("delivered", () -> weir.scrape().contains(delivery("delivered")));
        JsonObject line = new JsonObject(weir.nextEvent("budget_threshold"));
        assertEquals("shop", line.getString("scope.tenant"));
        assertEquals(50, line.getInteger("percent"));
        assertEquals(10_000_000, line.getLong("limit_nano_usd"));
        assertEquals("", weir.bugs());
    }

    private static void assertSigned(Receiver.Post post) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        String signed = post.id() + "." + post.timestamp() + "." + post.body();
        String code = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        assertEquals("v1," + code, post.signature());
        long age = System.currentTimeMillis() / 1_000 - Long.parseLong(post.timestamp());
        assertTrue(age >= 0 && age < World.PATIENCE_SECONDS, "signed " + age + " s ago");
    }

    @Test
    void threeSidecarsTellOnce() {
        try (TestRedis redis = TestRedis.start()) {
            List<World.Weir> sidecars = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                World.Weir weir = world.weir(YAML, World.settings(Optional.of(redis.url())));
                until("connected", weir.sidecar()::ledgerIsUp);
                sidecars.add(weir);
            }
            sidecars.getFirst().post(CHAT, BODY, "x-sim", "usage.output=12000");
            for (int i = 0; i < 9; i++) {
                assertEquals(200, sidecars.get(i % 3).post(CHAT, BODY).statusCode());
            }
            sidecars.get(1).post(CHAT, BODY, "x-sim", "usage.output=5000");
            for (int i = 0; i < 9; i++) {
                assertEquals(200, sidecars.get(i % 3).post(CHAT, BODY).statusCode());
            }

            assertEquals(50, percent(receiver.next()));
            assertEquals(80, percent(receiver.next()));
            sidecars.forEach(World.Weir::stop);
            assertEquals(0, receiver.waiting(), "each is told once");
            for (int percent : new int[] {50, 80}) {
                long counting =
                        sidecars.stream()
                                .filter(s -> s.scrape().contains(crossed(percent, 1)))
                                .count();
                assertEquals(
                        1, counting, sidecars.stream().map(World.Weir::scrape).toList().toString());
            }
        }
    }

    private static int percent(Receiver.Post post) {
        return new JsonObject(post.body()).getJsonObject("data").getInteger("percent");
    }

    /** The receiver is away, comes back with an error, then takes it; always the same message. */
    @Test
    void aReceiverThatWasAwayIsToldWhenItIsBack() {
        World.Weir weir = world.weir(YAML);
        receiver.answer(503);
        weir.post(CHAT, BODY, "x-sim", "usage.output=12000");
        String id = receiver.next().id();
        receiver.down();
        receiver.up();
        receiver.answer(204);

        Receiver.Post again = receiver.next();

        assertEquals(id, again.id());
        until("delivered", () -> weir.scrape().contains(delivery("delivered")));
    }

    /** A call that ends after Redis has gone has something to settle, for which the stop waits. */
    @Test
    void aStopTriesOnceMoreWhileRedisIsAway() {
        TestRedis redis = TestRedis.start();
        World.Weir weir = world.weir(YAML, World.settings(Optional.of(redis.url())));
        until("connected", weir.sidecar()::ledgerIsUp);
        receiver.answer(500);
        weir.post(CHAT, BODY, "x-sim", "usage.output=12000");
        String id = receiver.next().id();
        CompletableFuture<?> call =
                CompletableFuture.runAsync(
                        () -> weir.post(CHAT, BODY, "x-sim", "delay=300ms"),
                        Executors.newVirtualThreadPerTaskExecutor());
        until("in flight", () -> weir.gauge("weir_in_flight") > 0);
        redis.kill();

        Future<Void> stopped = weir.beginToStop();

        assertEquals(id, receiver.next().id());
        call.join();
        assertFalse(stopped.isComplete(), "the settlement waits for Redis");
        try (TestRedis back = TestRedis.startAt(redis.port())) {
            until("settled", stopped::isComplete);
        }
    }

    @Test
    void aStopTriesOnceMore() {
        World.Weir weir = world.weir(YAML);
        receiver.answer(500);
        weir.post(CHAT, BODY, "x-sim", "usage.output=12000");
        String id = receiver.next().id();

        weir.stop();

        assertEquals(id, receiver.next().id());
        assertTrue(weir.scrape().contains(delivery("failed")), weir.scrape());
    }
}
