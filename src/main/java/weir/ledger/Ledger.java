package weir.ledger;

import io.vertx.core.Future;
import java.util.List;
import weir.limit.Claim;
import weir.limit.Crossing;

/**
 * Where limits are counted. Implementations pass the same contract tests ({@code LedgerContract}).
 *
 * <p>Every method is called on, and completes on, the event loop that the ledger was made for.
 */
public interface Ledger {
    /**
     * Takes all claims or none, in one atomic step.
     *
     * @return the decision; fails with {@link LedgerUnavailableException} where the ledger did not
     *     answer in time
     */
    Future<Decision> reserve(Reservation reservation);

    /**
     * Corrects a grant to what was really used, once; a second settlement of the same grant is
     * ignored. Never in a caller's way: it may be queued, batched and sent again.
     *
     * <p>A grant that is not {@linkplain Decision.Granted#backed backed} was not counted here: all
     * that was used is charged, in the window of its admission, as often as it is told.
     *
     * @return completes when the ledger has acknowledged it; of a grant that is not backed, when it
     *     is kept for the ledger
     */
    Future<Void> settle(Settlement settlement);

    /**
     * Puts what the grant holds of budgets where every sidecar may settle it, for work that may
     * outlive this one. What else it holds stays with this sidecar: whoever settles the grant
     * itself from now on does that {@linkplain Decision.Granted#withoutMoney without its money}. To
     * be called once at most, and before anybody settles.
     *
     * @return completes when it is there; fails, and leaves the grant as it was, with {@link
     *     LedgerUnavailableException} where no other sidecar could ever settle it
     */
    Future<Entrusted> entrust(Decision.Granted grant);

    /**
     * Holds what was entrusted where the ledger has forgotten it; what has been settled or charged
     * meanwhile stays so.
     */
    Future<Void> hold(Entrusted entrusted);

    /**
     * Corrects what was entrusted to what was really spent. Of several settlements, by whomever,
     * the last one counts; one that comes so late that nothing is known of what was held any more
     * changes nothing.
     *
     * @param nanoUsd nano-dollars, at least 0
     * @return completes when the ledger has acknowledged it
     */
    Future<Void> settle(Entrusted entrusted, long nanoUsd);

    /**
     * How counters stand and who holds leases on them, without taking anything; the claims' amounts
     * are not looked at. For operators: not on the way of a request.
     */
    Future<List<Reading>> read(List<Claim> counters);

    /**
     * Whether this sidecar is the one of all that tells the world of a crossing. It remembers that
     * it has told: asked again, the answer is the same again.
     *
     * @return fails with {@link LedgerUnavailableException} where that is not known
     */
    Future<Boolean> announce(Crossing crossing);

    /** Whether reservations can be expected to be answered now. */
    boolean isUp();

    /** Settlements that the ledger has not acknowledged yet. */
    int pendingSettlements();

    /** Stops after everything pending has been acknowledged; new reservations fail. */
    Future<Void> close();
}
