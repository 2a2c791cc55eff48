package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import weir.redis.Relay;
import weir.redis.TestRedis;

/** The row "more is reserved" of the table in {@code Journey}, cell by cell, on a real Redis. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class FailureSliceTest {
    private static final String NANO =
            "{\"model\":\"gpt-4.1-nano\",\"stream\":true,\"messages\":[]}";

    private final TestRedis redis = TestRedis.start();
    private final Relay relay = new Relay(redis);
    private final FailureBench bench = new FailureBench();

    @AfterEach
    void close() {
        relay.cut();
        bench.close();
        relay.close();
        redis.close();
    }

    private void start(long deadlineMillis) {
        bench.start(FailureBench.settings(Optional.of(relay.url()), deadlineMillis));
        FailureBench.until("connected", () -> bench.gauge("weir_ledger_up") == 1);
    }

    @Test
    void ledgerIsAwayStreamEndsWithItsSlice() {
        start(150);
        try (HostileSocket caller = bench.calling(NANO, "tokens=5000,chunk-delay=2ms")) {
            caller.until("weir");
            relay.swallow();
            String rest = caller.until("data: [DONE]\n\n");
            assertTrue(rest.contains("\"finish_reason\":\"length\""), rest);
        }
        JsonObject line = bench.line();
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertEquals("", line.getString("limit"), line::encode);
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        relay.cut();
        FailureBench.until("up again", () -> bench.gauge("weir_ledger_up") == 1);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void ledgerComesBackWhileTheSliceLasts() {
        start(150);
        try (HostileSocket caller = bench.calling(NANO, "tokens=800,chunk-delay=5ms")) {
            caller.until("weir");
            relay.swallow();
            for (int i = 0; i < 20; i++) {
                caller.until("weir");
            }
            relay.cut();
            String rest = caller.until("data: [DONE]\n\n");
            assertTrue(rest.contains("\"finish_reason\":\"stop\""), rest);
        }
        bench.assertExact(bench.line());
        bench.assertServes();
    }

    @Test
    void providerBreaksOffEveryGrantIsSettled() {
        start(2_000);
        try (HostileSocket caller =
                bench.calling(NANO, "tokens=5000,chunk-delay=1ms,cut=after-chunks:600")) {
            assertFalse(caller.rest().contains("[DONE]"));
        }
        JsonObject line = bench.line();
        assertEquals("broken", line.getString("outcome"), line::encode);
        assertTrue(line.getLong("output") >= 599, line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void callerLeavesBetweenSlicesEveryGrantIsSettled() {
        start(2_000);
        HostileSocket caller = bench.calling(NANO, "tokens=5000,chunk-delay=1ms");
        for (int i = 0; i < 30; i++) {
            caller.until("weir");
        }
        caller.vanish();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    /** The extension is under way when the caller goes: it is given back when it comes. */
    @Test
    void callerLeavesWhileMoreIsAskedForItIsGivenBackWhenItComes() {
        start(10_000);
        HostileSocket caller = bench.calling(NANO, "tokens=5000,chunk-delay=2ms");
        caller.until("weir");
        redis.command("CLIENT", "PAUSE", "1500", "ALL");
        for (int i = 0; i < 19; i++) {
            caller.until("weir");
        }
        caller.vanish();
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    /** However fast it comes: no more is read than is held, and after a moment it ends. */
    @Test
    void whileTheLedgerIsAskedNoMorePassesThanIsHeld() {
        start(10_000);
        try (HostileSocket caller = bench.calling(NANO, "delay=2000ms,tokens=50000")) {
            bench.seen(1);
            redis.command("CLIENT", "PAUSE", "5000", "ALL");
            String rest = caller.until("data: [DONE]\n\n");
            assertTrue(rest.contains("\"finish_reason\":\"length\""), rest);
        }
        JsonObject line = bench.line();
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertTrue(
                line.getLong("cost_nano_usd") <= line.getLong("reserved_nano_usd"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }
}
