package weir.provider;

import weir.usage.Kind;
import weir.usage.Usage;

/**
 * A total that a vendor reports together with parts of it. Kinds are disjoint, so each takes its
 * share of what is left, and the sum is the total whatever the parts say.
 */
final class Shares {
    private final Usage.Tally tally;
    private long left;

    Shares(Usage.Tally tally, long total) {
        this.tally = tally;
        this.left = Math.max(0, total);
    }

    /** A part, as far as there is enough left. */
    Shares take(Kind kind, long amount) {
        long share = Math.clamp(amount, 0, left);
        tally.add(kind, share);
        left -= share;
        return this;
    }

    /** All that no part has taken. */
    void rest(Kind kind) {
        take(kind, left);
    }
}
