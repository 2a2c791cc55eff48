package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;

/** Leases keep the law of the ledger that they come from. */
final class LeasedLedgerContractTest extends LedgerContract {
    private InProcessLedger store = new InProcessLedger(() -> 0);

    @Override
    Bench open(AtomicLong micros) {
        store = new InProcessLedger(micros::get);
        return Bench.leased(micros, store);
    }

    @Override
    long counters(Bench bench) {
        return store.size();
    }
}
