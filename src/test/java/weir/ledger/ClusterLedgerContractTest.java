package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;
import weir.redis.TestCluster;

/** A tenant's limits share a slot of the cluster. */
final class ClusterLedgerContractTest extends LeaseContract {
    @Override
    Bench open(AtomicLong micros) {
        return ClusterBench.open(micros, TestCluster.shared());
    }

    @Override
    long counters(Bench bench) {
        return ClusterBench.counters(bench, TestCluster.shared());
    }
}
