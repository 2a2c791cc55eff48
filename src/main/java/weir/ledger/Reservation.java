package weir.ledger;

import java.util.List;
import weir.limit.Claim;
import weir.limit.Unit;

/**
 * What one request takes before it is forwarded.
 *
 * @param id unique over all sidecars and restarts
 * @param claims at most one on each counter; concurrent claims of 0 or 1
 * @param ttlMillis after which a grant that nobody settled is charged in full; 1 to one day
 */
public record Reservation(String id, List<Claim> claims, long ttlMillis) {
    public Reservation {
        claims = List.copyOf(claims);
        if (ttlMillis < 1 || ttlMillis > Lifetimes.MAX_TTL_MILLIS) {
            throw new IllegalArgumentException("a reservation lives from 1 ms to one day");
        }
        for (Claim claim : claims) {
            if (claim.amount() > 1 && claim.meter().unit() == Unit.CONCURRENT) {
                throw new IllegalArgumentException("a reservation is one request at most");
            }
        }
    }
}
