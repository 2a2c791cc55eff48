package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.limit.Amounts;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.Frozen;
import weir.redis.Relay;
import weir.redis.TestRedis;

/**
 * Redis fails in every way that it knows, and comes back: without a restart of the sidecar all that
 * was spent is there, once, and nothing is held that nobody holds.
 */
final class RecoveryTest {
    private static final long DEADLINE_MILLIS = 50;

    /** A lease is at most half of what is left. */
    private static final long MORE_THAN_LEASED = 900_000;

    private static Fixture limits(Bench bench) {
        return new Fixture(bench.run).limit("all", spend(1_000_000, Period.MONTH), slots(50));
    }

    private static void awaitStanding(Bench bench, Fixture limits, List<Long> expected) {
        Waiting.until(
                "spent, held and in flight " + expected,
                () -> {
                    try {
                        List<Standing> now = bench.read(limits.claims(costs(0)));
                        return expected.equals(
                                List.of(
                                        now.get(0).used(),
                                        now.get(0).reserved(),
                                        now.get(1).used()));
                    } catch (LedgerUnavailableException notYet) {
                        return false;
                    }
                });
    }

    private static CompletableFuture<Void> settling(
            Bench bench, Decision.Granted grant, long used) {
        return bench.start(0, l -> l.settle(new Settlement(grant, costs(used))));
    }

    private static void awaitUnavailable(Bench bench, Fixture limits, String id) {
        AtomicLong tries = new AtomicLong();
        Waiting.until(
                "unavailable",
                () -> {
                    try {
                        String name = id + tries.incrementAndGet();
                        Decision one = bench.reserve(name, limits.claims(costs(MORE_THAN_LEASED)));
                        if (one instanceof Decision.Granted grant) {
                            bench.settle(grant, costs(0));
                        }
                        return false;
                    } catch (LedgerUnavailableException e) {
                        return true;
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRedisThatComesBackEmptyLearnsWhatWasSettledAndWhatIsOpen(boolean leased) {
        TestRedis first = TestRedis.start();
        try (Bench bench = Bench.real(first.url(), 10_000, leased)) {
            Fixture limits = limits(bench);
            bench.settle(bench.granted("a", limits.claims(costs(100))), costs(70));
            Decision.Granted open = bench.granted("b", limits.claims(costs(200)));
            awaitStanding(bench, limits, List.of(70L, 200L, 1L));
            first.kill();
            try (TestRedis second = TestRedis.startAt(first.port())) {
                awaitStanding(bench, limits, List.of(70L, 200L, 1L));
                bench.settle(open, costs(150));
                awaitStanding(bench, limits, List.of(220L, 0L, 0L));
            }
        }
    }

    /** There and back: the one that was master first has everything already. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAReplicaLacksIsBroughtBackAndCountsOnce(boolean leased) {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start();
                Relay relay = new Relay(master);
                Bench bench = Bench.real(relay.url(), 10_000, leased)) {
            Fixture limits = limits(bench);
            master.command("CONFIG", "SET", "repl-diskless-sync-delay", "0");
            replica.command("REPLICAOF", master.host(), Integer.toString(master.port()));
            Waiting.until(
                    "replicates",
                    () -> replica.command("INFO", "replication").contains("link_status:up"));
            bench.settle(bench.granted("a", limits.claims(costs(100))), costs(70));
            Decision.Granted half = bench.granted("b", limits.claims(costs(200)));
            bench.granted("c", limits.claims(costs(300)));
            assertEquals("1", master.command("WAIT", "1", "10000"));
            replica.command("REPLICAOF", "NO", "ONE");

            bench.settle(half, costs(150));
            bench.settle(bench.granted("d", limits.claims(costs(50))), costs(40));
            bench.granted("e", limits.claims(costs(400)));
            List<Long> truth = List.of(260L, 700L, 2L);
            awaitStanding(bench, limits, truth);
            relay.to(replica);
            awaitStanding(bench, limits, truth);
            relay.to(master);
            awaitStanding(bench, limits, truth);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPausedRedisMakesAFewWaitAndThenNobody(boolean leased) {
        try (TestRedis redis = TestRedis.startWith();
                Bench bench = Bench.real(redis.url(), DEADLINE_MILLIS, leased)) {
            Fixture limits = limits(bench);
            Decision.Granted before = bench.granted("a", limits.claims(costs(100)));
            CompletableFuture<Void> settled;
            int asked = 0;
            try (Frozen frozen = new Frozen(redis)) {
                awaitUnavailable(bench, limits, "b");
                long began = System.nanoTime();
                settled = settling(bench, before, 70);
                while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(1)) {
                    awaitUnavailable(bench, limits, "c" + asked++);
                }
            }
            // Were each to wait for its deadline, there would be twenty.
            assertTrue(asked > 200, "asked only " + asked);
            Bench.get(settled);
            awaitStanding(bench, limits, List.of(70L, 0L, 0L));
            bench.granted("d", limits.claims(costs(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowRedisMakesAFewWait(boolean leased) {
        try (TestRedis redis = TestRedis.start();
                Relay relay = new Relay(redis);
                Bench bench = Bench.real(relay.url(), DEADLINE_MILLIS, leased)) {
            Fixture limits = limits(bench);
            Decision.Granted before = bench.granted("a", limits.claims(costs(100)));
            relay.delay(3 * DEADLINE_MILLIS);
            Waiting.until(
                    "nobody waits",
                    () -> {
                        awaitUnavailable(bench, limits, "b" + System.nanoTime());
                        return !bench.ledger(0).isUp();
                    });
            long began = System.nanoTime();
            awaitUnavailable(bench, limits, "c");
            assertTrue(System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS));
            CompletableFuture<Void> settled = settling(bench, before, 70);
            if (!leased) {
                Bench.get(settled);
            }
            relay.delay(0);
            Bench.get(settled);
            // Nobody asks: the ledger finds out by itself.
            Waiting.until("up", () -> bench.ledger(0).isUp());
            awaitStanding(bench, limits, List.of(70L, 0L, 0L));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoIsCutOffKeepsWhatItHasToSay(boolean leased) {
        try (TestRedis redis = TestRedis.start();
                Relay relay = new Relay(redis);
                Bench bench = Bench.real(relay.url(), 10_000, leased);
                Bench other = Bench.real(redis.url(), 10_000, leased)) {
            Fixture limits = limits(bench);
            Decision.Granted before = bench.granted("a", limits.claims(costs(100)));
            awaitStanding(bench, limits, List.of(0L, 100L, 1L));
            relay.part();
            awaitUnavailable(bench, limits, "b");
            CompletableFuture<Void> settled = settling(bench, before, 70);
            awaitStanding(other, limits, List.of(0L, 100L, 1L));
            assertTrue(!settled.isDone());
            relay.join();
            Bench.get(settled);
            awaitStanding(other, limits, List.of(70L, 0L, 0L));
        }
    }

    /** A script that has written once may go on, so what only takes and ends may pass. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFullRedisTakesNothingAndLosesNothing(boolean leased) {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.real(redis.url(), 10_000, leased)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000, Period.MONTH));
            Decision.Granted before = bench.granted("a", limits.claims(costs(100)));
            redis.command("CONFIG", "SET", "maxmemory", "1");
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("b", limits.claims(costs(900))));
            CompletableFuture<Void> settled = settling(bench, before, 70);
            redis.command("CONFIG", "SET", "maxmemory", "0");
            Bench.get(settled);
            Decision.Granted after = bench.granted("c", limits.claims(costs(1)));
            assertEquals(70, after.standings().getFirst().used());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRedisThatMayNotWriteTakesNothingAndLosesNothing(boolean leased) {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.real(redis.url(), 10_000, leased)) {
            Fixture limits = limits(bench);
            Decision.Granted before = bench.granted("a", limits.claims(costs(100)));
            redis.command("REPLICAOF", "127.0.0.1", "1");
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("b", limits.claims(costs(MORE_THAN_LEASED))));
            CompletableFuture<Void> settled = settling(bench, before, 70);
            Waiting.until("pending", () -> bench.ledger(0).pendingSettlements() >= 1);
            redis.command("REPLICAOF", "NO", "ONE");
            Bench.get(settled);
            awaitStanding(bench, limits, List.of(70L, 0L, 0L));
            bench.granted("c", limits.claims(costs(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void foreignDataHoldsUpNobodyElse(boolean leased) {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.real(redis.url(), 10_000, leased)) {
            Fixture limits = limits(bench);
            Fixture hit =
                    new Fixture(bench.run)
                            .limit("hit", rate(Unit.TOKENS, 100), spend(1_000, Period.MONTH));
            Decision.Granted lost = bench.granted("a", hit.claims(costs(100)));
            for (Standing s : lost.standings()) {
                redis.command("DEL", KeySpace.place(s).key());
                redis.command("SET", KeySpace.place(s).key(), "somebody's own");
            }
            assertThrows(
                    LedgerUnavailableException.class,
                    () -> bench.reserve("b", hit.claims(costs(1))));
            bench.settle(lost, new Amounts(1, 7, 0, 70));
            bench.settle(bench.granted("c", limits.claims(costs(100))), costs(70));
            awaitStanding(bench, limits, List.of(70L, 0L, 0L));
            lost.standings().forEach(s -> redis.command("DEL", KeySpace.place(s).key()));
            bench.granted("d", hit.claims(costs(1)));
        }
    }

    @Test
    void aSlotOutlivesItsSidecarByHalfAMinuteAtMost() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), 10_000)) {
            Fixture limits = new Fixture(bench.run).limit("slots", slots(5));
            Reservation hour = new Reservation("a", limits.claims(costs(0)), 3_600_000);
            Decision.Granted grant = (Decision.Granted) bench.reserve(hour);
            String key = KeySpace.place(grant.standings().getFirst()).key();
            long end = Long.parseLong(redis.command("ZSCORE", key, "a"));
            assertEquals(Lease.MILLIS, end - grant.atMillis());
        }
    }
}
