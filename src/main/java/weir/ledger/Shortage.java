package weir.ledger;

import weir.limit.Standing.Verdict;

/** Since when a holder has been hearing that a counter is short, in microseconds. */
final class Shortage {
    private static final long NEVER = Holding.NEVER;

    private long sinceMicros = NEVER;
    private long lastMicros = NEVER;

    /** An answer to a report that was sent then. */
    void heard(Lease lease, long sentMicros) {
        if (lease.spareAtMost() > 0 || !lasts(sentMicros)) {
            sinceMicros = NEVER;
        }
        if (lease.standing().verdict() != Verdict.FITS) {
            lastMicros = sentMicros;
            sinceMicros = sinceMicros == NEVER ? lastMicros : sinceMicros;
        }
    }

    private boolean lasts(long nowMicros) {
        return nowMicros - lastMicros < Lease.RECALL_MILLIS * 1_000;
    }

    /**
     * Whether other holders have been asked for so long for what they can spare that what they
     * still have is what they use.
     */
    boolean hasLasted(long forMicros, Moment now) {
        return lasts(now.micros())
                && sinceMicros != NEVER
                && now.micros() - sinceMicros >= forMicros;
    }
}
