package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import loadtest.Exchange;
import weir.app.Settings;
import weir.proxy.Bounds;

/** A world with one sidecar and one budget, and an auditor who looks at what an accident left. */
final class FailureBench implements AutoCloseable {
    static final String CHAT_PATH = "/openai/v1/chat/completions";
    static final String CHAT =
            """
            {"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
            """;
    static final String CHAT_STREAM =
            """
            {"model":"gpt-6-luna","stream":true,"max_tokens":20,\
            "messages":[{"role":"user","content":"Hello"}]}\
            """;

    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${PROVIDER}"
                credentials: [{ name: main, secret: "${SECRET}" }]
                timeouts: { OPENAI_TIMEOUTS }
                on-disconnect: DISCONNECT
                account-calls: allow
              anthropic:
                base-url: "${PROVIDER}"
                credentials: [{ name: main, secret: "${SECRET}" }]
              absent: { type: openai, base-url: "${ABSENT}" }
              deaf: { type: openai, base-url: "${DEAF}", timeouts: { connect: 300ms } }
            callers: { default-tenant: shop }
            limits:
              - { name: purse, per: [tenant], spend: SPEND USD/total, unpriced: allow }
              - { name: slots, per: [tenant], concurrent: SLOTS }
            """;

    /** What no test that goes well comes near. */
    static final String PATIENT = "first-byte: 60s, idle: 60s";

    final World world = new World();
    private String timeouts = PATIENT;
    private String onDisconnect = "cancel";
    private World.Weir weir;

    FailureBench() {
        world.env("ABSENT", "http://127.0.0.1:1").env("DEAF", "http://127.0.0.1:1");
    }

    FailureBench timeouts(String words) {
        timeouts = words;
        return this;
    }

    FailureBench drain() {
        onDisconnect = "drain";
        return this;
    }

    FailureBench start() {
        return start(settings(Optional.empty(), 2_000));
    }

    FailureBench start(Settings settings) {
        weir = world.weir(yaml("50", "4"), settings);
        return this;
    }

    static Settings settings(Optional<String> redis, long ledgerDeadlineMillis) {
        return settings(redis, ledgerDeadlineMillis, false);
    }

    /**
     * @param leased whether slices are taken ahead of need
     */
    static Settings settings(Optional<String> redis, long ledgerDeadlineMillis, boolean leased) {
        Settings usual = World.settings(redis);
        Bounds bounds = new Bounds(32 << 20, 400, Bounds.DEFAULT.reservationTtlMillis());
        return new Settings(
                usual.host(),
                usual.port(),
                usual.tls(),
                usual.eventLoops(),
                usual.redis(),
                ledgerDeadlineMillis,
                leased,
                bounds,
                usual.drainMillis(),
                usual.sidecar());
    }

    private String yaml(String spend, String slots) {
        return YAML.replace("OPENAI_TIMEOUTS", timeouts)
                .replace("DISCONNECT", onDisconnect)
                .replace("SPEND", spend)
                .replace("SLOTS", slots);
    }

    World.Weir weir() {
        return weir;
    }

    HostileSocket caller() {
        return new HostileSocket(weir.port());
    }

    /** Somebody who has sent this whole request. */
    HostileSocket calling(String body, String sim) {
        return caller().send(HostileSocket.post(CHAT_PATH, body, "x-sim: " + sim));
    }

    /** Waits until the provider has so many requests whole; the newest. */
    Exchange seen(long count) {
        FailureBench.<Void>get(world.provider().recorder().seen(count));
        return world.provider().recorder().last();
    }

    static <T> T get(java.util.concurrent.CompletableFuture<T> future) {
        return future.orTimeout(World.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not in time: " + what);
            LockSupport.parkNanos(200_000);
        }
    }

    /** The log line of the next call that ended. */
    JsonObject line() {
        return new JsonObject(weir.nextCall());
    }

    double gauge(String name) {
        return weir.gauge(name);
    }

    /** Nothing was charged, and nothing is held. */
    void assertNothingCharged(JsonObject line) {
        assertCharged(line, 0);
        assertFalse(line.containsKey("estimated"), line::encode);
    }

    /** At least the input was charged, as an upper bound within what was reserved. */
    void assertEstimated(JsonObject line) {
        assertEquals(true, line.getBoolean("estimated"), line::encode);
        assertTrue(line.getLong("input") >= line.getLong("bytes_in"), line::encode);
        long cost = line.getLong("cost_nano_usd");
        assertTrue(cost > 0 && cost <= line.getLong("reserved_nano_usd"), line::encode);
        assertCharged(line, cost);
    }

    void assertExact(JsonObject line) {
        assertFalse(line.containsKey("estimated"), line::encode);
        assertTrue(line.getLong("cost_nano_usd") > 0, line::encode);
        assertTrue(line.getLong("output") > 0, line::encode);
        assertCharged(line, line.getLong("cost_nano_usd"));
    }

    /** The log line says it, the ledger has it, and nothing is left behind anywhere. */
    void assertCharged(JsonObject line, long nanoUsd) {
        assertEquals(nanoUsd, line.getLong("cost_nano_usd"), line::encode);
        assertQuiet(nanoUsd);
    }

    /** Nothing in flight, reserved, pending or still worked on; so much spent. */
    void assertQuiet(long spentNanoUsd) {
        FailureBench.<Void>get(world.provider().recorder().idle());
        until("settled", () -> gauge("weir_settlements_pending") == 0);
        until("nothing in flight", () -> gauge("weir_in_flight") == 0);
        until("purse at " + spentNanoUsd, () -> isAllThatIsHeld(spentNanoUsd, audit()));
    }

    private static boolean isAllThatIsHeld(long spentNanoUsd, JsonArray limits) {
        if (limits.size() != 1) {
            return false;
        }
        JsonObject purse = limits.getJsonObject(0);
        return purse.getString("name").equals("purse")
                && nano(purse.getString("used")) == spentNanoUsd
                && nano(purse.getString("reserved")) == 0;
    }

    /** What is in the way of a call when there is no money and but one slot: the purse alone. */
    private JsonArray audit() {
        weir.reload(yaml("0.000000001", "1"));
        JsonObject refusal = new JsonObject(weir.post(CHAT_PATH, CHAT).body());
        weir.nextCall();
        weir.reload(yaml("50", "4"));
        return refusal.getJsonObject("error").getJsonObject("weir").getJsonArray("limits");
    }

    static long nano(String usd) {
        return new BigDecimal(usd).movePointRight(9).longValueExact();
    }

    /** Weir serves the next good call, on whatever connections it kept. */
    void assertServes() {
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(200, answer.statusCode(), answer::body);
        String id = answer.headers().firstValue("x-weir-request-id").orElseThrow();
        JsonObject line = line();
        while (!line.getString("request_id").equals(id)) {
            line = line();
        }
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals("", weir.bugs());
    }

    @Override
    public void close() {
        world.close();
    }
}
