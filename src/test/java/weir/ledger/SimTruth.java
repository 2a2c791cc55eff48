package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;

/**
 * What truly happened, over all sidecars, as nobody in the world can see it; and the invariants, at
 * every step.
 *
 * <ul>
 *   <li>Money: what is spent, and what requests hold, never exceeds the budget.
 *   <li>Rates: a bucket of the same law, fed with the admissions themselves, never goes below zero.
 *       Tokens that requests turn out not to have needed may be used once more.
 *   <li>Concurrency: those in flight never exceed the most; those of a sidecar that was cut off, in
 *       their time, for longer than a lease lasts do not count.
 * </ul>
 */
final class SimTruth {
    private final SimTime time;
    private final Map<String, Money> money = new HashMap<>();
    private final Map<String, Flow> flows = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Map<String, Map<String, InFlight>> inFlight = new HashMap<>();

    /** Off where the ledger itself has lost what it knew. */
    boolean strict = true;

    long admitted;

    private record InFlight(SimSidecar by, Claim counter, long sinceMicros) {
        boolean counts() {
            return by.isConnectedSince(counter, sinceMicros);
        }
    }

    static final class Money {
        long spent;
        long held;
        long limit;
    }

    private static final class Flow {
        private final Bucket bucket;
        private Bucket.State state;
        private long returned;
        private long tokens;

        Flow(Bucket bucket, long nowMicros) {
            this.bucket = bucket;
            this.state = bucket.full(nowMicros);
        }
    }

    SimTruth(SimTime time) {
        this.time = time;
    }

    /** Spent in all windows. */
    Map<String, Money> money() {
        return money;
    }

    /** How many tokens were used at this counter. */
    long tokens(Claim claim) {
        Flow flow = flows.get(KeySpace.place(claim, 0).key());
        return flow == null ? 0 : flow.tokens;
    }

    long inFlight(Claim claim) {
        return inFlight.getOrDefault(KeySpace.place(claim, 0).key(), Map.of()).size();
    }

    /** Counts once, when it is first told. */
    void admitted(Decision.Granted grant, SimSidecar by) {
        if (!open.add(grant.reservation().id())) {
            return;
        }
        admitted++;
        for (Standing standing : grant.standings()) {
            Claim claim = standing.claim();
            String key = KeySpace.place(standing).key();
            switch (claim.meter()) {
                case Meter.Rate rate -> admit(flows.computeIfAbsent(key, k -> flow(rate)), claim);
                case Meter.Concurrency slots -> {
                    inFlight.computeIfAbsent(key, k -> new HashMap<>())
                            .put(grant.reservation().id(), new InFlight(by, claim, time.micros()));
                    checkSlots(key, slots.max());
                }
                case Meter.Spend spend -> {
                    Money sums = money.computeIfAbsent(key, k -> new Money());
                    sums.limit = spend.limitNanoUsd();
                    sums.held += claim.amount();
                    check(sums.spent + sums.held <= sums.limit, "budget", key);
                }
            }
        }
    }

    private Flow flow(Meter.Rate rate) {
        return new Flow(rate.bucket(), time.micros());
    }

    private void admit(Flow flow, Claim claim) {
        long tokens = claim.amount();
        flow.tokens += tokens;
        flow.state = flow.bucket.refill(flow.state, time.micros());
        long again = Math.clamp(tokens - flow.bucket.leftTokens(flow.state), 0, flow.returned);
        flow.returned -= again;
        flow.state = flow.bucket.take(flow.state, tokens - again);
        long level = flow.state.levelUnits();
        check(level >= 0, "bucket at " + level, KeySpace.place(claim, 0).key());
    }

    private void checkSlots(String key, long max) {
        Map<String, InFlight> all = inFlight.getOrDefault(key, Map.of());
        if (all.size() > max) {
            long counted = all.values().stream().filter(InFlight::counts).count();
            check(counted <= max, counted + " in flight", key);
        }
    }

    /** Counts once. */
    void ended(Decision.Granted grant, Amounts actual) {
        if (!open.remove(grant.reservation().id())) {
            return;
        }
        for (Standing standing : grant.standings()) {
            Claim claim = standing.claim();
            String key = KeySpace.place(standing).key();
            long used = actual.of(claim.meter().unit());
            switch (claim.meter()) {
                case Meter.Rate rate -> {
                    Flow flow = flows.get(key);
                    if (flow != null) {
                        flow.returned += Math.max(0, claim.amount() - used);
                        flow.tokens += used - claim.amount();
                    }
                }
                case Meter.Concurrency slots ->
                        inFlight.getOrDefault(key, new HashMap<>())
                                .remove(grant.reservation().id());
                case Meter.Spend spend -> {
                    Money sums = money.getOrDefault(key, new Money());
                    sums.held -= claim.amount();
                    sums.spent += used;
                }
            }
        }
    }

    private void check(boolean holds, String what, String key) {
        assertTrue(!strict || holds, () -> what + " exceeded at " + time.micros() + ": " + key);
    }
}
