package weir.ledger;

import java.util.List;
import weir.limit.Claim;
import weir.limit.Unit;

/**
 * What one request takes before it is forwarded.
 *
 * @param id unique over all sidecars and restarts
 * @param claims at most one on each counter; concurrent claims of 0 or 1; all claims of money of
 *     one amount
 * @param ttlMillis after which a grant that nobody settled is charged in full; 1 to 26 hours
 * @param stretch how much less than its claims of money the request can do with
 * @param admittedMillis a moment whose windows count, by the ledger's clock, where the request was
 *     admitted before and takes more now; {@link #NOW} where it is being admitted
 */
public record Reservation(
        String id, List<Claim> claims, long ttlMillis, Stretch stretch, long admittedMillis) {
    /** The present windows count. */
    public static final long NOW = 0;

    public Reservation {
        claims = List.copyOf(claims);
        if (ttlMillis < 1 || ttlMillis > Lifetimes.MAX_TTL_MILLIS) {
            throw new IllegalArgumentException("a reservation lives from 1 ms to 26 hours");
        }
        for (Claim claim : claims) {
            if (claim.amount() > 1 && claim.meter().unit() == Unit.CONCURRENT) {
                throw new IllegalArgumentException("a reservation is one request at most");
            }
        }
    }

    /** Of a request that is being admitted, and takes its claims as they are or none. */
    public Reservation(String id, List<Claim> claims, long ttlMillis) {
        this(id, claims, ttlMillis, Stretch.NONE, NOW);
    }

    /** The same request's part that makes these claims. */
    Reservation withClaims(List<Claim> some) {
        return new Reservation(id, some, ttlMillis, stretch, admittedMillis);
    }

    /** The same request's part that makes these claims, those of money for exactly this amount. */
    Reservation withMoney(List<Claim> some, long nanoUsd) {
        List<Claim> claims =
                some.stream().map(c -> c.isMoney() ? c.withAmount(nanoUsd) : c).toList();
        return new Reservation(id, claims, ttlMillis, Stretch.NONE, admittedMillis);
    }

    /**
     * How much less money than its claims ask for a request can do with: its output cap will be
     * lowered to what it is granted. A budget grants
     *
     * <ul>
     *   <li>all that is asked for, but no more than {@link #SHARE} of what is left, so that a worst
     *       case that never happens does not lock a budget up; at least the wish;
     *   <li>where the wish would not fit even if all others gave back what they hold: what is left,
     *       if that is at least the least;
     *   <li>else nothing: {@code RESERVED}, because others hold the rest, or {@code EXHAUSTED}.
     * </ul>
     *
     * <p>Where several budgets apply, each grants the smallest that one of them grants. A budget in
     * shadow mode makes nothing smaller.
     *
     * @param wishNanoUsd what the request will most likely need, generously
     * @param leastNanoUsd what it needs to be worth sending; 1 to the wish
     */
    public record Stretch(long wishNanoUsd, long leastNanoUsd) {
        /** All or nothing. */
        public static final Stretch NONE = new Stretch(Long.MAX_VALUE, Long.MAX_VALUE);

        /** One part in so many of what is left is the most that a stretching request takes. */
        public static final int SHARE = 16;

        public Stretch {
            if (leastNanoUsd < 1 || wishNanoUsd < leastNanoUsd) {
                throw new IllegalArgumentException("least from 1, wish from least");
            }
        }
    }
}
