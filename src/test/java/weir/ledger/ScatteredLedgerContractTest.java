package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;
import weir.redis.TestCluster;

/** Every limit is in a slot of its own, so that reservations are split over the cluster. */
final class ScatteredLedgerContractTest extends LeaseContract {
    @Override
    Bench open(AtomicLong micros) {
        return ClusterBench.open(micros, TestCluster.shared());
    }

    @Override
    Fixture fixture(String run) {
        return Fixture.scattered(run);
    }

    @Override
    long counters(Bench bench) {
        return ClusterBench.counters(bench, TestCluster.shared());
    }
}
