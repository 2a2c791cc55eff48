package weir.ledger;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import weir.limit.Claim;

/**
 * A ledger that hands out slices of its counters ahead of need: the ground on which leases stand.
 *
 * <h2>The terms</h2>
 *
 * <p>A holder (one ledger of one sidecar) has at most one lease on a counter. What is leased has
 * left the counter: the ledger grants it to nobody else, so what a holder spends within its lease
 * exceeds no limit, whatever the others do and whether the ledger can be reached or not.
 *
 * <p>A holder does not send changes but how it stands: what it has used in all since it began, what
 * its requests hold, how much it wants beyond that. The ledger answers how large the lease is now.
 * A report that was lost, or whose answer was, is therefore made good by the next one; one that
 * comes twice or late is known by its sequence; and a ledger that has lost its newest writes learns
 * of them again. After {@link Lease#MILLIS} without a report a lease ends: what it held counts as
 * used, and is corrected if its holder comes back.
 *
 * <p>Between a report and its answer a holder must not hand out more than the report asks for,
 * {@code busy + spare}: the ledger may already have taken back the rest. It never takes back less
 * than that.
 */
public interface Leasing extends Ledger {
    /**
     * The part of the ledger that keeps a counter; parts are away, and slow, each by itself. Most
     * ledgers are one.
     */
    default int shard(Claim counter) {
        return 0;
    }

    /**
     * Brings leases in line with how the holder stands.
     *
     * @param holder unique over all sidecars and restarts
     * @param reports on counters of one shard, at most one on each
     * @return the leases in the order of the reports, empty for a counter whose key holds what is
     *     not a counter; fails with {@link LedgerUnavailableException} where the ledger did not
     *     answer in time: then each lease may be as before or as reported
     */
    Future<List<Optional<Lease>>> sync(String holder, List<LeaseReport> reports);
}
