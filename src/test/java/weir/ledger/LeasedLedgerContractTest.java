package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** Leases keep the law of the ledger that they come from. */
final class LeasedLedgerContractTest extends StretchContract {
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

    /**
     * The same with settled grants: a sidecar that finds three days gone at once still reports its
     * open ones, and the counters of their windows are kept for that.
     */
    @Test
    @Override
    void whoIsIdleCostsNothing() {
        limits.limit("rate", rate(Unit.TOKENS, 100), slots(5), spend(1_000, Period.HOUR));
        for (int i = 0; i < 20; i++) {
            Amounts amounts = new Amounts(1, 50, 0, 1);
            Decision.Granted grant = bench.granted("a" + i, limits.claims("tenant" + i, amounts));
            bench.settle(grant, amounts);
        }
        assertTrue(counters(bench) >= 60, "counters " + counters(bench));
        bench.pass(Duration.ofDays(3));
        for (int i = 0; i < 40; i++) {
            Decision.Granted grant = bench.granted("b" + i, limits.claims("late", costs(0)));
            bench.settle(grant, Amounts.NOTHING);
        }
        assertTrue(counters(bench) <= 4, "counters " + counters(bench));
    }
}
