package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.redis.Relay;
import weir.redis.TestRedis;

/** The column "the ledger fails" of the table in {@code Journey}, cell by cell, on a real Redis. */
final class FailureLedgerTest {
    private TestRedis redis = TestRedis.start();
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
        start(relay.url(), deadlineMillis);
    }

    private void start(String url, long deadlineMillis) {
        bench.start(FailureBench.settings(Optional.of(url), deadlineMillis));
        FailureBench.until("connected", () -> bench.gauge("weir_ledger_up") == 1);
    }

    private void assertUnavailable(HostileSocket caller) {
        HostileSocket.Answer answer = caller.answer();
        assertEquals(503, answer.status(), answer::toString);
        assertEquals("ledger_unavailable", answer.header("x-weir-reason"));
        assertEquals("1", answer.header("retry-after"));
        assertTrue(answer.body().contains("service_unavailable_error"), answer::toString);
    }

    @Test
    void reserveLedgerIsAway503NothingCharged() {
        start(redis.url(), 2_000);
        redis.kill();
        FailureBench.until("down", () -> bench.gauge("weir_ledger_up") == 0);
        try (HostileSocket caller = bench.calling(CHAT, "")) {
            assertUnavailable(caller);
        }
        JsonObject line = bench.line();
        assertEquals("ledger_unavailable", line.getString("reason"), line::encode);
        assertEquals(0, line.getLong("cost_nano_usd"), line::encode);
        redis = TestRedis.startAt(redis.port());
        FailureBench.until("up again", () -> bench.gauge("weir_ledger_up") == 1);
        bench.assertQuiet(0);
        bench.assertServes();
    }

    @Test
    void reserveAnswerComesLate503GrantIsGivenBack() {
        start(150);
        redis.command("CLIENT", "PAUSE", "600", "ALL");
        try (HostileSocket caller = bench.calling(CHAT, "")) {
            assertUnavailable(caller);
        }
        JsonObject line = bench.line();
        assertEquals("ledger_unavailable", line.getString("reason"), line::encode);
        FailureBench.until("granted after all", () -> redis.calls("evalsha") >= 1);
        bench.assertNothingCharged(line);
        assertEquals(0, bench.world.provider().recorder().seen());
        bench.assertServes();
    }

    @Test
    void reserveAnswerIsLost503GrantIsGivenBack() {
        start(150);
        relay.swallow();
        try (HostileSocket caller = bench.calling(CHAT, "")) {
            assertUnavailable(caller);
        }
        JsonObject line = bench.line();
        relay.cut();
        FailureBench.until("up again", () -> bench.gauge("weir_ledger_up") == 1);
        bench.assertNothingCharged(line);
        bench.assertServes();
    }

    @Test
    void reserveCallerLeavesGrantIsGivenBackWhenItComes() {
        start(10_000);
        redis.command("CLIENT", "PAUSE", "600", "ALL");
        bench.calling(CHAT, "").vanish();
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        assertEquals(0, line.getInteger("status"), line::encode);
        FailureBench.until("granted after all", () -> redis.calls("evalsha") >= 1);
        bench.assertNothingCharged(line);
        assertEquals(0, bench.world.provider().recorder().seen());
        bench.assertServes();
    }

    /** A gauge over an object that nobody else holds reads NaN after a collection. */
    @Test
    void whatTheLedgerSaysOfItselfOutlivesACollection() {
        start(2_000);
        System.gc();
        assertEquals(1, bench.gauge("weir_ledger_up"));
        assertEquals(0, bench.gauge("weir_settlements_pending"));
    }

    @Test
    void settleLedgerIsAwayKeptAndSentAgain() {
        start(2_000);
        try (HostileSocket caller = bench.calling(CHAT, "delay=300ms")) {
            bench.seen(1);
            relay.swallow();
            assertEquals(200, caller.answer().status());
            JsonObject line = bench.line();
            assertEquals(1, bench.gauge("weir_settlements_pending"));
            relay.cut();
            bench.assertExact(line);
        }
        assertEquals(Ending.COMPLETED, FailureBench.get(bench.seen(1).ended()));
        bench.assertServes();
    }
}
