package weir.proxy;

import java.util.List;
import weir.ledger.Decision.Granted;
import weir.ledger.Ledger;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Standing;

/**
 * A granted reservation in the hands of one request. It has two endings, and exactly one happens:
 * settled at what was used, or given back because nothing was. (The third, expiry, is the ledger's:
 * it happens where this process did not live to see either.)
 */
final class Hold {
    private final Ledger ledger;
    private final Granted grant;
    private boolean ended;

    Hold(Ledger ledger, Granted grant) {
        this.ledger = ledger;
        this.grant = grant;
    }

    /** How the counters stood when they were granted; nothing where no ledger has said so. */
    List<Standing> standings() {
        return grant.backed() ? grant.standings() : List.of();
    }

    /**
     * Settles at what was really used; {@link Amounts#NOTHING} gives everything back.
     *
     * @throws IllegalStateException if this hold has ended before: a bug that would charge twice
     */
    void settle(Amounts actual) {
        if (ended) {
            throw new IllegalStateException(
                    "reservation " + grant.reservation().id() + " ended twice");
        }
        ended = true;
        ledger.settle(new Settlement(grant, actual));
    }
}
