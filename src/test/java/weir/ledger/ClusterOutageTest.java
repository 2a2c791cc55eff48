package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.spend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Window.Period;
import weir.redis.Frozen;
import weir.redis.TestCluster;
import weir.redis.TestRedis;

/** One master of a cluster is away, hangs, or is followed by a replica; the others go on. */
final class ClusterOutageTest {
    /** A lease is at most half of what is left. */
    private static final long MORE_THAN_LEASED = 900_000;

    private static List<Claim> claims(Fixture limits, String tenant, long nanoUsd) {
        return limits.claims(tenant, costs(nanoUsd));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMasterThatIsAwayTakesOnlyItsLimitsWithIt(boolean leased) {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = ClusterBench.real(cluster, ClusterBench.PATIENCE_MILLIS, leased)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            List<String> here = ClusterBench.tenantsOn(cluster, 1);
            List<String> there = ClusterBench.tenantsOn(cluster, 2);
            List<Decision.Granted> held = grants(bench, limits, there);
            grants(bench, limits, here);
            cluster.kill(2);
            List<Claim> gone = claims(limits, there.getFirst(), MORE_THAN_LEASED);
            Waiting.until("the loss is seen", () -> fails(bench, gone));
            keepsServing(bench, limits, here);
            List<CompletableFuture<Void>> settled = new ArrayList<>();
            for (Decision.Granted grant : held) {
                Settlement settlement = new Settlement(grant, costs(70));
                settled.add(bench.start(0, l -> l.settle(settlement)));
            }
            keepsServing(bench, limits, here);
            assertTrue(bench.ledger(0).isUp());
            cluster.restart(2);
            settled.forEach(Bench::get);
            Waiting.until("all is well", () -> !fails(bench, claims(limits, there.getFirst(), 1)));
            for (String tenant : there) {
                assertEquals(70, bench.read(claims(limits, tenant, 0)).getFirst().used());
            }
        }
    }

    /** Until the deadline of those who wait for it, which is far longer than this takes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMasterThatHangsHoldsUpOnlyItsOwn(boolean leased) {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = ClusterBench.real(cluster, 5_000, leased)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            List<String> here = ClusterBench.tenantsOn(cluster, 1);
            List<String> there = ClusterBench.tenantsOn(cluster, 2);
            grants(bench, limits, there);
            grants(bench, limits, here);
            try (Frozen frozen = new Frozen(cluster.masters().get(2))) {
                List<CompletableFuture<Decision>> waiting = new ArrayList<>();
                for (String tenant : there) {
                    Reservation wish =
                            new Reservation(
                                    "wait" + tenant,
                                    claims(limits, tenant, MORE_THAN_LEASED),
                                    60_000);
                    waiting.add(bench.start(0, l -> l.reserve(wish)));
                }
                keepsServing(bench, limits, here);
                assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone), "too slow");
            }
        }
    }

    /** For a second, in which every lease is reported anew, and what no lease covers. */
    private static void keepsServing(Bench bench, Fixture limits, List<String> tenants) {
        long began = System.nanoTime();
        for (int i = 0; System.nanoTime() - began < TimeUnit.SECONDS.toNanos(1); i++) {
            String tenant = tenants.get(i % tenants.size());
            String id = "served" + i + "." + began;
            giveBack(bench, bench.granted(id, claims(limits, tenant, 1)));
            List<Claim> most = claims(limits, tenant, MORE_THAN_LEASED);
            giveBack(bench, bench.granted(id + "+", most));
        }
    }

    private static void giveBack(Bench bench, Decision.Granted grant) {
        Bench.get(bench.start(0, l -> l.settle(new Settlement(grant, costs(0)))));
    }

    private static List<Decision.Granted> grants(
            Bench bench, Fixture limits, List<String> tenants) {
        return tenants.stream().map(t -> bench.granted(t, claims(limits, t, 100))).toList();
    }

    /** What was acknowledged and is gone is told again: spent 70 + 50, and a hold. */
    @Test
    void aReplicaThatLacksTheLastWritesIsToldThem() {
        try (TestCluster cluster = TestCluster.start();
                Bench bench = ClusterBench.real(cluster)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            String tenant = ClusterBench.tenantOn(cluster, 2);
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
                Bench bench = ClusterBench.real(cluster)) {
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
