package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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

/** What the ledger does when a cluster changes under it. */
final class ClusterLedgerTest {
    private static List<Claim> claims(Fixture limits, String tenant, long nanoUsd) {
        return limits.claims(tenant, costs(nanoUsd));
    }

    private static long calls(TestCluster cluster) {
        return cluster.masters().stream().mapToLong(m -> m.calls("evalsha")).sum();
    }

    @Test
    void aTenantsLimitsAreOneCall() {
        try (Bench bench = ClusterBench.real(TestCluster.shared())) {
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
        try (Bench bench = ClusterBench.real(TestCluster.shared())) {
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
        try (Bench bench = ClusterBench.real(TestCluster.shared())) {
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
                Bench bench = ClusterBench.real(cluster)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(1_000_000, Period.MONTH));
            String tenant = ClusterBench.tenantOn(cluster, 0);
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
}
