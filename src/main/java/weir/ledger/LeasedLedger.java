package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import weir.ledger.LocalGrants.Part;
import weir.limit.Claim;
import weir.limit.Crossing;

/**
 * A ledger that grants most reservations from slices that this sidecar has taken in advance, with
 * no round trip. One ledger serves one event loop and is one holder of leases.
 *
 * <h2>Why debit first</h2>
 *
 * Sidecars that count locally and tell each other later admit too much, by as many as there are
 * times what each admits before it hears of the others; the busier they are, the worse. A lease has
 * left the counter before anything is handed out of it. So the error is on the other side: what one
 * sidecar has to spare is what another may be short of, and that can be made good, by asking for it
 * back. What was overspent cannot.
 *
 * <h2>What is guaranteed</h2>
 *
 * <ul>
 *   <li><em>No limit is exceeded by a single unit</em>, over any number of sidecars, whatever is
 *       lost, repeated or overtaken on the way, whoever dies, sleeps or is cut off: all that
 *       holders hand out was debited. A holder hands out no more than the last answer allows, less
 *       what it has taken since ({@link Holding}); while a report is under way or its answer is
 *       lost, no more than that report asked for, because the ledger never goes below that ({@link
 *       Leasing}); and nothing after its lease has ended by its own clock, which began to run when
 *       the report was sent, so that it ends before the ledger's does. Wall clocks have no part in
 *       it.
 *   <li><em>A lease admits, it never refuses.</em> Where it is short, the ledger is asked, and only
 *       its answer refuses. Where others hold what would do, holders are asked for it first, and
 *       the request waits for that ({@link LeaseQueue#RECALL_MILLIS}): what is stranded with others
 *       is not a reason for a no.
 *   <li><em>Settled spend is not lost.</em> Reports say how much was used in all, so one that
 *       arrives makes up for all that did not. What a holder has spent in a window it goes on
 *       reporting until the window is past: a ledger that lost its newest writes, or all of them,
 *       learns of it again. What the wrapped ledger has granted itself, where leases could not, and
 *       settled, is its own to keep. A sidecar that dies leaves its lease to be charged as a whole:
 *       never less than it had spent.
 *   <li><em>All or nothing</em> over the limits of one request, because all are taken in one turn
 *       of the event loop.
 * </ul>
 *
 * <h2>What bounds the rest</h2>
 *
 * <ul>
 *   <li>What is leased in vain: what a sidecar takes in {@link Demand#HORIZON_MICROS}, and no more
 *       than half of what is left, shared among all holders ({@link Slicing}). Near its end a limit
 *       is asked for request by request. What is idle goes back after a second, at once on recall
 *       and at the end; a dead sidecar's comes back after {@link Lease#MILLIS}, and money as a
 *       charge.
 *   <li>Requests in flight of a sidecar that was cut off for longer than a lease lasts: nobody can
 *       end them, and their slots are given to others meanwhile.
 *   <li>Ledger calls: one at a time for each part of the ledger, with all that is due, some ten a
 *       second under load; one for each reservation where limits are short, as without leases. A
 *       part that is away or slow holds up only those who need it ({@link LeaseReports}).
 *   <li>How far the ledger's books are behind: {@link Agenda#SETTLED_MICROS} for settlements.
 *   <li>A ledger that is away: leases go on until they end, then reservations fail ({@link
 *       LedgerUnavailableException}); what then happens is up to the limits' policies, elsewhere.
 * </ul>
 */
public final class LeasedLedger implements Ledger {
    private final Leasing ledger;
    private final Scheduler scheduler;
    private final long deadlineMillis;
    private final Tally tally;
    private final Holdings holdings = new Holdings();
    private final LocalGrants grants = new LocalGrants();
    private final LeaseQueue queue;
    private final LeaseReports reports;
    private boolean closing;

    /** Reservations that were granted without a round trip, and others; for all event loops. */
    public record Tally(LongAdder hits, LongAdder trips) {
        public Tally() {
            this(new LongAdder(), new LongAdder());
        }
    }

    /**
     * To be called on the event loop that the ledger is for.
     *
     * @param ledger what is wrapped; closed with this one
     * @param name unique over all sidecars and restarts
     * @param deadlineMillis after which a reservation has failed that waits for the ledger, at
     *     least 2
     */
    public LeasedLedger(
            Leasing ledger, Scheduler scheduler, String name, long deadlineMillis, Tally tally) {
        this.ledger = ledger;
        this.scheduler = scheduler;
        this.deadlineMillis = deadlineMillis;
        this.tally = tally;
        this.queue = new LeaseQueue(scheduler, deadlineMillis, holdings, grants, this::askExactly);
        this.reports = new LeaseReports(ledger, scheduler, name, holdings, queue);
        queue.start(reports);
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        if (closing) {
            return Future.failedFuture(new LedgerUnavailableException("the ledger is closed"));
        }
        List<Part> parts;
        try {
            grants.requireNew(reservation);
            parts = queue.parts(reservation);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        if (parts == null) {
            tally.trips().increment();
            return askExactly(reservation);
        }
        Waiter waiter = new Waiter(reservation, parts);
        Decision granted = queue.grantIfCovered(waiter);
        if (granted != null) {
            tally.hits().increment();
            return Future.succeededFuture(granted);
        }
        tally.trips().increment();
        return queue.add(waiter);
    }

    /** The wrapped ledger decides, once it knows how this sidecar stands. */
    private Future<Decision> askExactly(Reservation reservation) {
        long admitted = reservation.admittedMillis();
        long atMillis = admitted == Reservation.NOW ? reports.now().ledgerMillis() : admitted;
        return tell(queue.places(reservation.claims(), atMillis))
                .compose(v -> askExactly(reservation, 0));
    }

    /** Completes once the ledger has heard, or could have, how these stand here; or fails. */
    private Future<Void> tell(List<Place> places) {
        queue.expire();
        List<Holding> own = own(places);
        return ledger.isUp() ? reports.tellNow(own, deadlineMillis) : Future.succeededFuture();
    }

    /** What this sidecar holds of these. */
    private List<Holding> own(List<Place> places) {
        List<Holding> own = new ArrayList<>();
        for (Place place : places) {
            Holding holding = holdings.find(place);
            if (holding != null) {
                own.add(holding);
            }
        }
        return own;
    }

    /**
     * The wrapped ledger decides. It knows nothing of what is leased but that it is, so that its no
     * is taken only once holders have had the time to give back.
     */
    private Future<Decision> askExactly(Reservation reservation, int recalls) {
        return ledger.reserve(reservation)
                .compose(decision -> {
                    boolean leased =
                            decision instanceof Decision.Refused
                                    && decision.standings().stream()
                                            .anyMatch(s -> s.refuses() && s.leased() > 0);
                    if (!leased || recalls >= LeaseQueue.MAX_RECALLS || closing) {
                        return Future.succeededFuture(decision);
                    }
                    Promise<Decision> again = Promise.promise();
                    scheduler.after(
                            LeaseQueue.RECALL_MILLIS,
                            () -> askExactly(reservation, recalls + 1).onComplete(again));
                    return again.future();
                });
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        String id = settlement.grant().reservation().id();
        return grants.knows(id)
                ? reports.changed(grants.settle(id, settlement.actual(), reports.now()))
                : ledger.settle(settlement);
    }

    /** What a lease holds for it goes back once the ledger holds it: twice for that moment. */
    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        String id = grant.reservation().id();
        return ledger.entrust(grant)
                .onSuccess(v -> reports.changed(grants.giveBackMoney(id, reports.now())));
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return ledger.hold(entrusted);
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return ledger.settle(entrusted, nanoUsd);
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        long nowMillis = reports.now().ledgerMillis();
        List<Place> places = queue.places(counters, nowMillis);
        return tell(places)
                .compose(v -> {
                    Map<String, Long> own = free(places);
                    return ledger.read(counters)
                            .map(readings -> readings.stream().map(r -> withOwn(r, own)).toList());
                });
    }

    /** What this sidecar has to spare when it asks; it may go back while the answer is coming. */
    private Map<String, Long> free(List<Place> places) {
        Map<String, Long> own = new HashMap<>();
        for (Holding holding : own(places)) {
            own.put(holding.place().key(), holding.free(reports.now()));
        }
        return own;
    }

    /** What this sidecar has to spare is there for whoever asks here. */
    private static Reading withOwn(Reading said, Map<String, Long> own) {
        Long free = own.get(KeySpace.place(said.standing()).key());
        return free == null
                ? said
                : new Reading(Outlook.plusOwn(said.standing(), free), said.holders());
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return ledger.announce(crossing);
    }

    @Override
    public boolean isUp() {
        return ledger.isUp();
    }

    @Override
    public int pendingSettlements() {
        return reports.unheard() + ledger.pendingSettlements();
    }

    @Override
    public Future<Void> close() {
        closing = true;
        queue.close();
        return reports.endAll().compose(v -> ledger.close());
    }
}
