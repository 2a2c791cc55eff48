package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;

/** A ledger, its sidecars, the network between them, and the truth. */
final class SimWorld {
    static final long SECOND = 1_000_000;

    final Random random;
    final SimTime time;
    final SimTruth truth;
    final List<SimSidecar> sidecars = new ArrayList<>();
    final LeasedLedger.Tally tally = new LeasedLedger.Tally();
    private final boolean leased;
    InProcessLedger store;

    SimWorld(Random random, boolean leased, long startMicros) {
        this.random = random;
        this.leased = leased;
        this.time = new SimTime(startMicros);
        this.truth = new SimTruth(time);
        this.store = new InProcessLedger(time::micros);
    }

    SimSidecar sidecar(SimSidecar.Load load, SimLink.Faults faults) {
        SimLink link = new SimLink(time, random, () -> store, faults);
        SimSidecar sidecar = new SimSidecar(this, load, link, leased ? tally : null);
        sidecars.add(sidecar);
        return sidecar;
    }

    void run(long micros) {
        time.run(time.micros() + micros);
    }

    List<Standing> read(List<Claim> claims) {
        return store.read(claims).result().stream().map(Reading::standing).toList();
    }

    /** Nothing is held or leased any more. */
    void assertNothingIsOut(List<Claim> claims) {
        for (int i = 0; i < sidecars.size(); i++) {
            read(claims);
        }
        for (Standing now : read(claims)) {
            assertEquals(0, now.reserved(), "reserved: " + now);
            assertEquals(0, now.leased(), "leased: " + now);
            if (now.claim().meter() instanceof Meter.Concurrency) {
                assertEquals(0, now.used(), "in flight: " + now);
            }
        }
    }

    /** What the ledger says was spent; equal to the truth, or more where sidecars crashed. */
    void assertSpent(List<Claim> claims, boolean exactly) {
        for (Standing now : read(claims)) {
            SimTruth.Money true_ = truth.money().get(KeySpace.place(now).key());
            if (true_ != null) {
                assertEquals(0, true_.held);
                assertTrue(now.used() >= true_.spent, now + " but truly " + true_.spent);
                assertTrue(!exactly || now.used() == true_.spent, now + ", true " + true_.spent);
            }
        }
    }

    long sum(ToLongFunction<SimSidecar> what) {
        return sidecars.stream().mapToLong(what).sum();
    }

    /** One line of figures. */
    void print(String what, long micros) {
        long decided = sum(s -> s.admitted) + sum(s -> s.refused);
        long hits = tally.hits().sum();
        System.err.printf(
                "%-28s %7d admitted, %6d refused, %5d failed; %5.1f%% without a round trip; %d"
                        + " ledger calls, %.1f/s, %.3f a request; %d settlements%n",
                what,
                truth.admitted,
                sum(s -> s.refused),
                sum(s -> s.failed),
                100.0 * hits / Math.max(1, truth.admitted),
                sum(s -> s.link.asked),
                sum(s -> s.link.asked) * 1e6 / micros,
                1.0 * sum(s -> s.link.asked) / Math.max(1, decided),
                sum(s -> s.link.settlements));
    }
}
