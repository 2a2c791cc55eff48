package weir.ledger;

import java.util.List;
import java.util.Random;
import weir.limit.Claim;
import weir.limit.Standing;

/** Sidecars' ledgers over one store, in a time of its own, for what stands above the ledger. */
public final class SimFleet {
    private final Random random;
    private final SimTime time;
    private final InProcessLedger store;
    private int sidecars;

    public SimFleet(Random random, SimTime time) {
        this.random = random;
        this.time = time;
        this.store = new InProcessLedger(time::micros);
    }

    /** A way to the store that loses, repeats and delays, as a bad network does. */
    public Ledger exact() {
        return link();
    }

    /** The same with leases. */
    public Ledger leased() {
        LeasedLedger.Tally tally = new LeasedLedger.Tally();
        return new LeasedLedger(
                link(), new Clock(time), "s" + sidecars++, SimLink.DEADLINE_MILLIS, tally);
    }

    private SimLink link() {
        return new SimLink(time, random, () -> store, SimLink.Faults.MANY);
    }

    /** How the store has it. */
    public List<Standing> read(List<Claim> claims) {
        return store.read(claims).result().stream().map(Reading::standing).toList();
    }

    private record Clock(SimTime time) implements Scheduler {
        @Override
        public void after(long millis, Runnable task) {
            time.after(millis * 1_000, task);
        }

        @Override
        public long monotonicMicros() {
            return time.micros();
        }

        @Override
        public long epochMicros() {
            return time.micros();
        }
    }
}
