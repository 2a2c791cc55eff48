package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;

final class InProcessLedgerTest extends LeaseContract {
    @Override
    Bench open(AtomicLong micros) {
        return Bench.inProcess(micros);
    }

    @Override
    long counters(Bench bench) {
        return ((InProcessLedger) bench.ledger(0)).size();
    }
}
