package weir.ledger;

import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Window.Span;

/** From a counter's state to what callers are told of it: one arithmetic for every ledger. */
final class Standings {
    private Standings() {}

    /** {@code leased} is in tokens, and no longer in the bucket. */
    static Standing rate(
            Claim claim, Meter.Rate meter, Bucket.State state, long leased, Verdict verdict) {
        Bucket bucket = meter.bucket();
        long used =
                bucket.capacityTokens()
                        - leased
                        - Math.floorDiv(state.levelUnits(), bucket.unitsPerToken());
        long waitMicros = verdict == Verdict.SHORT ? bucket.waitMicros(state, claim.amount()) : 0;
        return new Standing(
                claim,
                bucket.capacityTokens(),
                used,
                0,
                leased,
                bucket.leftTokens(state),
                0,
                Math.ceilDiv(bucket.microsToFull(state), 1_000),
                Math.ceilDiv(waitMicros, 1_000),
                verdict);
    }

    /** Slots that requests hold, and slots that are leased beyond. */
    record Taken(long inFlight, long leased) {}

    static Standing concurrency(Claim claim, Taken taken, Verdict verdict) {
        long max = ((Meter.Concurrency) claim.meter()).max();
        return new Standing(
                claim,
                max,
                taken.inFlight(),
                0,
                taken.leased(),
                Math.max(0, max - taken.inFlight() - taken.leased()),
                0,
                0,
                verdict == Verdict.SHORT ? Lifetimes.ASK_AGAIN_MILLIS : 0,
                verdict);
    }

    /** {@code nowMillis} is the ledger's time. */
    static Standing spend(Place place, Sums sums, long nowMillis, Verdict verdict) {
        Meter.Spend meter = (Meter.Spend) place.claim().meter();
        boolean turns = place.span().endMillis() != Span.FOREVER;
        return new Standing(
                place.claim(),
                meter.limitNanoUsd(),
                sums.spent(),
                sums.held(),
                sums.leased(),
                Math.max(0, meter.left(sums)),
                place.span().startMillis(),
                turns ? Math.max(0, place.span().endMillis() - nowMillis) : 0,
                verdict == Verdict.RESERVED ? Lifetimes.ASK_AGAIN_MILLIS : 0,
                verdict);
    }
}
