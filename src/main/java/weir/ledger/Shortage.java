package weir.ledger;

import weir.limit.Standing.Verdict;

/**
 * Since when a holder has been hearing that a counter is short while the others give nothing back,
 * in microseconds.
 */
final class Shortage {
    private static final long NEVER = Holding.NEVER;

    private long sinceMicros = NEVER;
    private long lastMicros = NEVER;
    private long leastOthers;

    /** An answer. */
    void heard(Answered answered) {
        Lease lease = answered.lease();
        long others = answered.others();
        long sentMicros = answered.stand().micros();
        if (lease.spareAtMost() > 0 || !lasts(sentMicros)) {
            sinceMicros = NEVER;
        }
        if (lease.standing().verdict() != Verdict.FITS) {
            lastMicros = sentMicros;
            if (sinceMicros == NEVER || others < leastOthers) {
                sinceMicros = sentMicros;
                leastOthers = others;
            }
        }
    }

    private boolean lasts(long nowMicros) {
        return nowMicros - lastMicros < Lease.RECALL_MILLIS * 1_000;
    }

    /**
     * Whether other holders have been asked for so long for what they can spare, and have not
     * answered with less than before, that what they still have is what they use, or they are dead.
     */
    boolean hasLasted(long forMicros, Moment now) {
        return lasts(now.micros())
                && sinceMicros != NEVER
                && now.micros() - sinceMicros >= forMicros;
    }
}
