package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.Relay;
import weir.redis.TestRedis;

/**
 * What the Redis ledger does beyond the contract: how often it asks, and what happens when Redis
 * goes away.
 */
final class RedisLedgerTest {
    /** Short, but no busy machine takes so long. */
    private static final long DEADLINE_MILLIS = 250;

    private static final long PATIENCE_MILLIS = 10_000;

    private static long realMicros() {
        return System.currentTimeMillis() * 1_000;
    }

    private static Bench patient(TestRedis redis) {
        return Bench.redis(redis.url(), PATIENCE_MILLIS);
    }

    private static Fixture fourLimits(Bench bench) {
        return new Fixture(bench.run)
                .limit("requests", rate(Unit.REQUESTS, 100_000))
                .limit("tokens", rate(Unit.TOKENS, 1_000_000))
                .limit("slots", slots(1_000))
                .limit("money", spend(1_000_000_000, Period.MONTH));
    }

    private static void awaitUsed(Bench bench, Fixture limits, long used, long reserved) {
        Waiting.until(
                "used " + used + " and reserved " + reserved,
                () -> {
                    Standing s = bench.read(limits.claims(costs(0))).getFirst();
                    return s.used() == used && s.reserved() == reserved;
                });
    }

    @Test
    void oneCallAReservationAndFewForSettlements() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = patient(redis)) {
            Fixture limits = fourLimits(bench);
            redis.command("CONFIG", "RESETSTAT");
            List<Decision.Granted> grants = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                grants.add(bench.granted("a" + i, limits.claims(new Amounts(1, 100, 50, 1_000))));
            }
            assertEquals(500, redis.calls("evalsha"));
            assertEquals(0, redis.calls("eval") + redis.calls("script"));
            System.err.println(
                    "RedisLedgerTest: "
                            + redis.micros("evalsha") / 500
                            + " µs in Redis for a reserve with 4 limits");
            List<CompletableFuture<Void>> settled = new ArrayList<>();
            for (Decision.Granted grant : grants) {
                settled.add(bench.start(0, l -> l.settle(new Settlement(grant, costs(900)))));
            }
            settled.forEach(Bench::get);
            long batches = redis.calls("evalsha") - 500;
            assertTrue(batches <= 50, "500 settlements took " + batches + " calls");
            assertEquals(450_000, bench.read(limits.claims(costs(0))).get(3).used());
        }
    }

    @Test
    void everyKeyExpires() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = patient(redis)) {
            Fixture limits = fourLimits(bench).limit("total", spend(1_000_000, Period.TOTAL));
            Amounts some = new Amounts(1, 100, 50, 1_000);
            bench.settle(bench.granted("a", limits.claims(some)), some);
            bench.granted("b", limits.claims(some));
            List<String> keys = redis.command("KEYS", "*").lines().toList();
            assertTrue(keys.size() >= 6, keys.toString());
            for (String key : keys) {
                long forEver = -1;
                assertNotEquals(forEver, Long.parseLong(redis.command("PTTL", key)), key);
            }
        }
    }

    @Test
    void aForgottenScriptIsSentAgain() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = patient(redis)) {
            Fixture limits = fourLimits(bench);
            redis.command("SCRIPT", "FLUSH");
            Decision.Granted grant = bench.granted("a", limits.claims(costs(1)));
            bench.settle(grant, costs(1));
            assertEquals(2, redis.calls("eval"));
            bench.granted("b", limits.claims(costs(1)));
            assertEquals(2, redis.calls("eval"));
        }
    }

    @Test
    void aWrongClockIsCorrectedOnce() {
        try (TestRedis redis = TestRedis.start();
                Bench bench =
                        Bench.redis(
                                new AtomicLong(),
                                Bench.settings(
                                        redis.url(),
                                        10_000,
                                        () ->
                                                realMicros()
                                                        + Duration.ofDays(40).toMillis() * 1_000),
                                () -> 0)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(100, Period.MONTH));
            redis.command("CONFIG", "RESETSTAT");
            Standing s = bench.granted("a", limits.claims(costs(1))).standings().getFirst();
            assertTrue(s.resetMillis() > 0 && s.windowStartMillis() < realMicros() / 1_000);
            assertEquals(2, redis.calls("evalsha"));
            bench.granted("b", limits.claims(costs(1)));
            assertEquals(3, redis.calls("evalsha"));
        }
    }

    @Test
    void aGrantThatComesLateIsGivenBack() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), DEADLINE_MILLIS);
                Bench other = patient(redis)) {
            Fixture limits = new Fixture(bench.run).limit("rate", rate(Unit.REQUESTS, 1));
            redis.command("CONFIG", "RESETSTAT");
            redis.command("CLIENT", "PAUSE", "700");
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("a", limits.claims(costs(100))));
            Waiting.until("granted and given back", () -> redis.calls("evalsha") >= 2);
            awaitUsed(other, limits, 0, 0);
            Waiting.until("acknowledged", () -> bench.ledger(0).pendingSettlements() == 0);
        }
    }

    @Test
    void anAnswerThatNeverComesLeavesNoHold() {
        try (TestRedis redis = TestRedis.start();
                Relay relay = new Relay(redis);
                Bench bench = Bench.redis(relay.url(), DEADLINE_MILLIS);
                Bench other = patient(redis)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000, Period.MONTH));
            relay.swallow();
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("a", limits.claims(costs(100))));
            awaitUsed(other, limits, 0, 100);
            relay.cut();
            awaitUsed(other, limits, 0, 0);
        }
    }

    @Test
    void aSettlementWhoseAnswerWasLostCountsOnce() {
        try (TestRedis redis = TestRedis.start();
                Relay relay = new Relay(redis);
                Bench bench = Bench.redis(relay.url(), PATIENCE_MILLIS);
                Bench other = patient(redis)) {
            Fixture limits =
                    new Fixture(bench.run)
                            .limit("money", spend(1_000, Period.MONTH), rate(Unit.TOKENS, 1));
            Decision.Granted grant = bench.granted("a", limits.claims(costs(100)));
            relay.swallow();
            CompletableFuture<Void> settled =
                    bench.start(0, l -> l.settle(new Settlement(grant, costs(70))));
            awaitUsed(other, limits, 70, 0);
            assertTrue(!settled.isDone(), "acknowledged though the answer was lost");
            // Nobody closes the silent connection: the ledger's own watch has to find it.
            RedisLedger ledger = (RedisLedger) bench.ledger(0);
            Waiting.until("the watch drops it", () -> !ledger.isUp());
            relay.cut();
            Bench.get(settled);
            awaitUsed(other, limits, 70, 0);
            assertEquals(0, bench.ledger(0).pendingSettlements());
        }
    }

    @Test
    void spendSurvivesARedisThatComesBackEmpty() {
        TestRedis first = TestRedis.start();
        try (Bench bench = patient(first)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000, Period.MONTH));
            Decision.Granted grant = bench.granted("a", limits.claims(costs(100)));
            first.kill();
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("b", limits.claims(costs(100))));
            CompletableFuture<Void> settled =
                    bench.start(0, l -> l.settle(new Settlement(grant, costs(70))));
            Waiting.until("pending", () -> bench.ledger(0).pendingSettlements() >= 1);
            try (TestRedis second = TestRedis.startAt(first.port())) {
                Bench.get(settled);
                bench.awaitConnected();
                awaitUsed(bench, limits, 70, 0);
                bench.granted("c", limits.claims(costs(930)));
            }
        }
    }

    @Test
    void aKilledSidecarHoldsNothingAfterTheTimeToLive() {
        AtomicLong micros = new AtomicLong(Bench.START_MICROS);
        try (Bench bench = Bench.redis(micros, TestRedis.shared())) {
            Fixture limits =
                    new Fixture(bench.run).limit("all", spend(1_000, Period.DAY), slots(5));
            bench.granted("a", limits.claims(costs(100)));
            bench.crash(0);
            bench.pass(Duration.ofMinutes(1));
            List<Standing> now =
                    Bench.get(bench.start(1, l -> l.read(limits.claims(costs(0))))).stream()
                            .map(Reading::standing)
                            .toList();
            assertEquals(100, now.get(0).used(), "the spend is not lost");
            assertEquals(0, now.get(0).reserved() + now.get(1).used());
        }
    }

    @Test
    void aRedisThatBecameAReplicaIsLeftUntilItIsAMasterAgain() {
        try (TestRedis redis = TestRedis.start();
                TestRedis other = TestRedis.start();
                Bench bench = patient(redis)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000, Period.MONTH));
            redis.command("REPLICAOF", other.host(), Integer.toString(other.port()));
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("refused", limits.claims(costs(1))));
            Waiting.until("left", () -> !bench.ledger(0).isUp());
            redis.command("REPLICAOF", "NO", "ONE");
            Waiting.until("back", () -> bench.ledger(0).isUp());
            bench.granted("a", limits.claims(costs(1)));
        }
    }

    @Test
    void whereNoRedisIsNothingWaits() {
        RedisLedger.Settings nowhere =
                Bench.settings("redis://127.0.0.1:1", DEADLINE_MILLIS, RedisLedgerTest::realMicros);
        try (Bench bench = Bench.unconnected(nowhere)) {
            Fixture limits = fourLimits(bench);
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("a", limits.claims(costs(1))));
            assertThrows(
                    LedgerUnavailableException.class, () -> bench.read(limits.claims(costs(1))));
        }
    }
}
