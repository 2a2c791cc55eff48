package weir.ledger;

import weir.ledger.Reservation.Stretch;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/**
 * A counter as a holder of a lease sees it: what the ledger last said, and what the holder has
 * taken since. It knows of no one else's change, so it may show less than there is, where others
 * gave back and buckets refilled; never more of what is the holder's own to give.
 *
 * @param said the ledger's last word
 * @param used as {@link Standing#used}
 * @param reserved as {@link Standing#reserved}
 * @param others what other holders have to spare
 * @param free what the holder has to spare; negative in debt
 */
record Outlook(Standing said, long used, long reserved, long others, long free) {
    /** What a request could take here; negative in debt. */
    long room(Meter meter) {
        return most(meter) - used - reserved - others;
    }

    /** What a claim is told by the ledger's law, as things are known here. */
    Verdict verdict(Claim claim, Stretch stretch) {
        long amount = claim.amount();
        long room = room(claim.meter());
        return switch (claim.meter()) {
            case Meter.Spend spend ->
                    Stretching.of(spend, new Sums(used, reserved, others), amount, stretch)
                            .verdict();
            case Meter.Rate rate when amount > rate.bucket().capacityTokens() -> Verdict.TOO_LARGE;
            default -> amount == 0 || amount <= room ? Verdict.FITS : Verdict.SHORT;
        };
    }

    /** Whether so much would be there if other holders gave back what they can spare. */
    boolean couldHave(Meter meter, long amount) {
        return others > 0 && amount <= room(meter) + others;
    }

    Standing standing(Claim claim, Verdict verdict) {
        long room = room(claim.meter());
        long waitMillis =
                switch (claim.meter()) {
                    case Meter.Rate rate ->
                            verdict == Verdict.SHORT
                                    ? waitMillis(rate.bucket(), claim.amount() - room)
                                    : 0;
                    case Meter.Concurrency slots ->
                            verdict == Verdict.SHORT ? Lifetimes.ASK_AGAIN_MILLIS : 0;
                    case Meter.Spend spend ->
                            verdict == Verdict.RESERVED ? Lifetimes.ASK_AGAIN_MILLIS : 0;
                };
        return new Standing(
                claim,
                most(claim.meter()),
                used,
                reserved,
                others + Math.max(0, free),
                Math.max(0, room),
                said.windowStartMillis(),
                said.resetMillis(),
                waitMillis,
                verdict);
    }

    /** What the ledger says, where so much of what is leased is the reader's own to give. */
    static Standing plusOwn(Standing said, long free) {
        long own = Math.clamp(free, 0, said.leased());
        return new Standing(
                said.claim(),
                said.limit(),
                said.used(),
                said.reserved(),
                said.leased() - own,
                said.left() + own,
                said.windowStartMillis(),
                said.resetMillis(),
                said.waitMillis(),
                said.verdict());
    }

    private static long waitMillis(Bucket bucket, long missingTokens) {
        return Math.ceilDiv(bucket.waitMicros(new Bucket.State(0, 0), missingTokens), 1_000);
    }

    /** The most that a counter ever holds. */
    static long most(Meter meter) {
        return switch (meter) {
            case Meter.Rate rate -> rate.bucket().capacityTokens();
            case Meter.Concurrency slots -> slots.max();
            case Meter.Spend spend -> spend.limitNanoUsd();
        };
    }
}
