package weir.limit;

import java.util.List;

/**
 * How one counter stands, as the ledger saw it when it answered.
 *
 * @param limit the bucket's capacity, the most in flight, or the budget, in the meter's unit
 * @param used tokens gone from the bucket, requests in flight, or nano-dollars spent; may exceed
 *     the limit
 * @param reserved what requests hold and have not settled, this one included once it is granted; 0
 *     for rates and concurrency
 * @param leased what sidecars have taken ahead of need, in the meter's unit; they give back what
 *     they do not use
 * @param left what a request could still take; never negative
 * @param windowStartMillis of the budget's window; 0 for meters without one
 * @param resetMillis until a bucket is full or a window turns; 0 where neither applies
 * @param waitMillis until this claim would fit by refilling, or until asking again is worth while
 *     where that is up to other requests; 0 where it fits now, or waiting is of no use
 * @param verdict what the ledger says of this claim alone
 */
public record Standing(
        Claim claim,
        long limit,
        long used,
        long reserved,
        long leased,
        long left,
        long windowStartMillis,
        long resetMillis,
        long waitMillis,
        Verdict verdict) {

    public enum Verdict {
        FITS,
        /** The bucket refills, or others leave: come back after {@code waitMillis}. */
        SHORT,
        /** A budget that would fit this claim if others settled below what they hold. */
        RESERVED,
        /** Nothing left until the window turns. */
        EXHAUSTED,
        /** More than the counter could ever hold. */
        TOO_LARGE
    }

    /** The same, said of another claim. */
    public Standing withClaim(Claim other) {
        return new Standing(
                other,
                limit,
                used,
                reserved,
                leased,
                left,
                windowStartMillis,
                resetMillis,
                waitMillis,
                verdict);
    }

    /** The same with another verdict. */
    public Standing withVerdict(Verdict other) {
        return new Standing(
                claim,
                limit,
                used,
                reserved,
                leased,
                left,
                windowStartMillis,
                resetMillis,
                waitMillis,
                other);
    }

    /** After which all of them may have room; 0 where none has to be waited for. */
    public static long longestWaitMillis(List<Standing> standings) {
        return standings.stream().mapToLong(Standing::waitMillis).max().orElse(0);
    }

    /** Whether this claim stands in the request's way; a limit in shadow mode never does. */
    public boolean refuses() {
        return verdict != Verdict.FITS && !claim.limit().policy().shadow();
    }
}
