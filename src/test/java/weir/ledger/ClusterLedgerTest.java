package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.TestCluster;
import weir.redis.TestRedis;

/** What the ledger does when a cluster changes under it. */
final class ClusterLedgerTest {
    private static final long PATIENCE_MILLIS = 10_000;

    private static Bench bench(TestCluster cluster) {
        return Bench.redis(
                new AtomicLong(),
                ClusterBench.settings(
                        cluster, PATIENCE_MILLIS, () -> System.currentTimeMillis() * 1_000),
                () -> 0);
    }

    /** A tenant whose limits are on this master. */
    private static String tenantOn(TestCluster cluster, int master) {
        for (int i = 0; ; i++) {
            if (cluster.masterOf(HashSlot.of("shop" + i)) == master) {
                return "shop" + i;
            }
        }
    }

    private static List<Claim> claims(Fixture limits, String tenant, long nanoUsd) {
        return limits.claims(tenant, costs(nanoUsd));
    }

    private static long calls(TestCluster cluster) {
        return cluster.masters().stream().mapToLong(m -> m.calls("evalsha")).sum();
    }

    @Test
    void aTenantsLimitsAreOneCall() {
        try (Bench bench = bench(TestCluster.shared())) {
            Fixture limits =
                    new Fixture(bench.run)
                            .limit("rate", rate(Unit.REQUESTS, 100))
                            .limit("money", spend(1_000, Period.MONTH));
            long before = calls(TestCluster.shared());
            bench.granted("a", claims(limits, "shop", 100));
            assertEquals(1, calls(TestCluster.shared()) - before);
        }
    }

    @Test
    void whatOneShardGrantedIsGivenBackIfAnotherRefuses() {
        try (Bench bench = bench(TestCluster.shared())) {
            Fixture limits = Fixture.scattered(bench.run);
            for (int i = 0; i < 6; i++) {
                limits.limit("wide" + i, spend(1_000, Period.MONTH));
            }
            limits.limit("narrow", spend(100, Period.MONTH));
            Decision no = bench.reserve("a", claims(limits, "shop", 101));
            List<Verdict> verdicts = no.standings().stream().map(s -> s.verdict()).toList();
            assertInstanceOf(Decision.Refused.class, no);
            assertEquals(Verdict.FITS, verdicts.getFirst());
            assertEquals(Verdict.TOO_LARGE, verdicts.getLast());
            Waiting.until(
                    "given back",
                    () ->
                            bench.read(claims(limits, "shop", 0)).stream()
                                    .allMatch(s -> s.used() + s.reserved() == 0));
        }
    }

    @Test
    void whatWasLevelledLeavesNothingBehind() {
        try (Bench bench = bench(TestCluster.shared())) {
            Fixture limits =
                    Fixture.scattered(bench.run)
                            .limit("wide", slots(50), spend(1_000_000, Period.MONTH))
                            .limit("narrow", spend(100_000, Period.MONTH));
            AtomicLong granted = new AtomicLong();
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Reservation reservation =
                        new Reservation(
                                "r" + i,
                                claims(limits, "shop", 50_000),
                                60_000,
                                new Stretch(500, 100),
                                Reservation.NOW);
                calls.add(bench.start(i % Bench.LEDGERS, l -> call(l, reservation, granted)));
            }
            calls.forEach(Bench::get);
            assertTrue(granted.get() > 0);
            List<Long> spent = List.of(0L, 10 * granted.get(), 10 * granted.get());
            Waiting.until(
                    "all is given back",
                    () -> {
                        List<Standing> now = bench.read(claims(limits, "shop", 0));
                        return now.stream().allMatch(s -> s.reserved() == 0)
                                && now.stream().map(Standing::used).toList().equals(spent);
                    });
        }
    }

    private static Future<Void> call(Ledger ledger, Reservation reservation, AtomicLong granted) {
        return ledger.reserve(reservation)
                .compose(decision -> {
                    if (!(decision instanceof Decision.Granted grant)) {
                        return Future.succeededFuture();
                    }
                    granted.incrementAndGet();
                    return ledger.settle(new Settlement(grant, costs(10)));
                });
    }

    @Test
    void followsASlotThatMovesUnderTraffic() {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = bench(cluster)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            String tenant = tenantOn(cluster, 0);
            int slot = HashSlot.of(tenant);
            List<Decision.Granted> grants = new ArrayList<>();
            grants.add(bench.granted("first", claims(limits, tenant, 100)));
            cluster.beginToMove(slot, 0, 1);
            grants.add(bench.granted("still here", claims(limits, tenant, 100)));
            cluster.moveKeys(slot, 0, 1);
            grants.add(bench.granted("asked for there", claims(limits, tenant, 100)));
            CompletableFuture<Decision> during =
                    bench.start(
                            1,
                            l ->
                                    l.reserve(
                                            new Reservation(
                                                    "during", claims(limits, tenant, 100), 9_000)));
            cluster.endMove(slot, 1);
            grants.add((Decision.Granted) Bench.get(during));
            grants.add(bench.granted("moved", claims(limits, tenant, 100)));
            for (Decision.Granted grant : grants.subList(0, 3)) {
                bench.settle(grant, costs(70));
            }
            assertEquals(210, bench.read(claims(limits, tenant, 0)).getFirst().used());
            assertEquals(200, bench.read(claims(limits, tenant, 0)).getFirst().reserved());
            long before = cluster.masters().get(0).calls("evalsha");
            bench.granted("at home", claims(limits, tenant, 100));
            assertEquals(
                    before, cluster.masters().get(0).calls("evalsha"), "the map was corrected");
        }
    }

    @Test
    void aMasterThatIsAwayTakesOnlyItsLimitsWithIt() {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = bench(cluster)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            String here = tenantOn(cluster, 1);
            String there = tenantOn(cluster, 2);
            Decision.Granted held = bench.granted("a", claims(limits, there, 100));
            cluster.kill(2);
            Waiting.until("the loss is seen", () -> fails(bench, claims(limits, there, 1)));
            for (int i = 0; i < 50; i++) {
                bench.granted("b" + i, claims(limits, here, 100));
            }
            CompletableFuture<Void> settled =
                    bench.start(0, l -> l.settle(new Settlement(held, costs(70))));
            assertTrue(bench.ledger(0).isUp());
            cluster.restart(2);
            Bench.get(settled);
            Waiting.until("all is well", () -> !fails(bench, claims(limits, there, 1)));
            assertEquals(70, bench.read(claims(limits, there, 0)).getFirst().used());
        }
    }

    /** What was acknowledged and is gone is told again: spent 70 + 50, and a hold. */
    @Test
    void aReplicaThatLacksTheLastWritesIsToldThem() {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = bench(cluster)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            String tenant = tenantOn(cluster, 2);
            TestRedis replica = cluster.addReplica(2);
            bench.settle(bench.granted("known", claims(limits, tenant, 100)), costs(70));
            cluster.cutOff(2, replica);
            bench.granted("held", claims(limits, tenant, 100));
            bench.settle(bench.granted("lost", claims(limits, tenant, 100)), costs(50));
            Standing before = bench.read(claims(limits, tenant, 0)).getFirst();
            assertEquals(120, before.used());
            assertEquals(100, before.reserved());
            cluster.failOver(2, replica);
            Waiting.until("all is well", () -> !fails(bench, claims(limits, tenant, 1)));
            assertTrue(replica.calls("evalsha") + replica.calls("eval") > 0, "it is the master");
            Waiting.until(
                    "all is told again",
                    () -> {
                        Standing now = bench.read(claims(limits, tenant, 0)).getFirst();
                        return now.used() == 120 && now.reserved() == 100;
                    });
        }
    }

    private static boolean fails(Bench bench, List<Claim> counters) {
        try {
            bench.read(counters);
            return false;
        } catch (LedgerUnavailableException away) {
            return true;
        }
    }

    @Test
    void nothingIsTakenElsewhereWhereAMasterIsKnownToBeAway() {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = bench(cluster)) {
            Fixture limits = Fixture.scattered(bench.run);
            for (int i = 0; i < 20; i++) {
                limits.limit("limit" + i, spend(1_000, Period.MONTH));
            }
            List<Claim> all = claims(limits, "shop", 100);
            bench.read(all);
            cluster.kill(2);
            Waiting.until("the loss is seen", () -> fails(bench, all));
            List<TestRedis> others = cluster.masters().subList(0, 2);
            long before = others.stream().mapToLong(m -> m.calls("evalsha")).sum();
            assertNotEquals(0, before);
            assertThrows(LedgerUnavailableException.class, () -> bench.reserve("a", all));
            assertEquals(before, others.stream().mapToLong(m -> m.calls("evalsha")).sum());
        }
    }
}
