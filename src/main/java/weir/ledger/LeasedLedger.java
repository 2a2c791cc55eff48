package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import weir.ledger.LocalGrants.Moment;
import weir.ledger.LocalGrants.Part;
import weir.limit.Claim;
import weir.limit.Standing;

/** ESSAY */
public final class LeasedLedger implements Ledger, LeaseReports.Asker {
    /** Holders hear of a recall within {@link Agenda#POLL_MICROS}, and answer at once. */
    private static final long RECALL_MILLIS = 300;

    private static final int MAX_RECALLS = 2;

    /** Where two answers could not settle it, the wrapped ledger decides as a whole. */
    private static final int MAX_ROUNDS = 8;

    private static final int MAX_WAITING = 4_096;

    private final Ledger ledger;
    private final Scheduler scheduler;
    private final Tally tally;
    private final Holdings holdings = new Holdings();
    private final LocalGrants grants = new LocalGrants();
    private final LeaseReports reports;
    private Deque<Waiter> waiting = new ArrayDeque<>();
    private boolean closing;

    /** Reservations that were granted without and with a round trip; for all event loops. */
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
     */
    public <L extends Ledger & Leasing> LeasedLedger(
            L ledger, Scheduler scheduler, String name, Tally tally) {
        this.ledger = ledger;
        this.scheduler = scheduler;
        this.tally = tally;
        this.reports = new LeaseReports(ledger, scheduler, name, holdings, this);
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        if (closing) {
            return Future.failedFuture(new LedgerUnavailableException("the ledger is closed"));
        }
        if (grants.knows(reservation.id())) {
            return Future.failedFuture(
                    new IllegalArgumentException("reservation id used twice: " + reservation.id()));
        }
        List<Part> parts;
        try {
            parts = parts(reservation);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        if (parts == null) {
            return askExactly(reservation, 0);
        }
        Waiter waiter = new Waiter(reservation, parts);
        long nanoUsd = waiter.covered(now());
        if (nanoUsd >= 0) {
            tally.hits().increment();
            return Future.succeededFuture(grant(waiter, nanoUsd));
        }
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(
                    new LedgerUnavailableException("too many requests wait for the ledger"));
        }
        tally.trips().increment();
        waiter.enter();
        waiting.add(waiter);
        reports.pump();
        return waiter.decided.future().onComplete(d -> waiter.leave());
    }

    /** The holdings of a request; null where leases cannot cover it. */
    private @Nullable List<Part> parts(Reservation reservation) {
        long admitted = reservation.admittedMillis();
        long atMillis = admitted == Reservation.NOW ? reports.ledgerMillis() : admitted;
        List<Part> parts = new ArrayList<>();
        for (Place place : KeySpace.places(reservation.claims(), atMillis)) {
            boolean past = admitted != Reservation.NOW && !isNow(place);
            Holding holding = past ? null : holdings.at(place);
            if (holding == null) {
                return null;
            }
            parts.add(new Part(holding, place.claim()));
        }
        return parts;
    }

    private boolean isNow(Place place) {
        return place.span().equals(Place.NO_WINDOW)
                || place.span().contains(reports.ledgerMillis());
    }

    private Decision.Granted grant(Waiter waiter, long nanoUsd) {
        long now = now();
        Waiter.Taken taken = waiter.take(nanoUsd, now);
        grants.add(waiter.reservation, taken.parts(), reports.ledgerMillis());
        waiter.parts().forEach(p -> holdings.touch(p.holding(), now));
        reports.arm();
        return new Decision.Granted(waiter.reservation, taken.standings(), reports.ledgerMillis());
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
                    if (!leased || recalls >= MAX_RECALLS || closing) {
                        return Future.succeededFuture(decision);
                    }
                    Promise<Decision> again = Promise.promise();
                    scheduler.after(
                            RECALL_MILLIS,
                            () -> askExactly(reservation, recalls + 1).onComplete(again));
                    return again.future();
                });
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        String id = settlement.grant().reservation().id();
        if (!grants.knows(id)) {
            return ledger.settle(settlement);
        }
        List<Holding> changed = grants.settle(id, settlement.actual(), moment());
        return reports.changed(changed);
    }

    @Override
    public Future<List<Standing>> read(List<Claim> counters) {
        List<Holding> asked = new ArrayList<>();
        for (Claim claim : counters) {
            Holding holding = holdings.find(KeySpace.place(claim, reports.ledgerMillis()));
            if (holding != null) {
                asked.add(holding);
            }
        }
        expire();
        Future<Void> told = ledger.isUp() ? reports.tellNow(asked) : Future.succeededFuture();
        return told.compose(v -> ledger.read(counters)).map(this::withOwn);
    }

    /** What this sidecar has to spare is there for whoever asks here. */
    private List<Standing> withOwn(List<Standing> standings) {
        return standings.stream().map(this::withOwn).toList();
    }

    private Standing withOwn(Standing standing) {
        Holding holding = holdings.find(KeySpace.place(standing));
        return holding == null ? standing : Outlook.plusOwn(standing, holding.free(now()));
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
        Deque<Waiter> left = waiting;
        waiting = new ArrayDeque<>();
        left.forEach(
                w -> w.decided.tryFail(new LedgerUnavailableException("the ledger is closed")));
        return reports.endAll().compose(v -> ledger.close());
    }

    @Override
    public void expire() {
        reports.changed(grants.expire(moment()));
    }

    @Override
    public boolean expects() {
        return !grants.isEmpty();
    }

    /** In order: whoever is covered goes; whoever is not, and was asked for, hears why. */
    @Override
    public void serve() {
        List<Runnable> answers = new ArrayList<>();
        Deque<Waiter> rest = new ArrayDeque<>();
        for (Waiter waiter : waiting) {
            long nanoUsd = waiter.covered(now());
            if (nanoUsd >= 0) {
                Decision decision = grant(waiter, nanoUsd);
                answers.add(() -> waiter.decided.complete(decision));
            } else if (!waiter.asked) {
                rest.add(waiter);
            } else {
                waiter.asked = false;
                look(waiter, rest, answers);
            }
        }
        waiting = rest;
        answers.forEach(Runnable::run);
    }

    /** The ledger has answered, and leases do not cover it yet. */
    private void look(Waiter waiter, Deque<Waiter> rest, List<Runnable> answers) {
        List<Part> moved = waiter.isInWrongWindow() ? parts(waiter.reservation) : waiter.parts();
        if (moved == null || waiter.rounds > MAX_ROUNDS) {
            answers.add(() -> askExactly(waiter.reservation, 0).onComplete(waiter.decided));
            return;
        }
        boolean again = !moved.equals(waiter.parts()) || !waiter.isShort(now());
        waiter.move(moved);
        if (again) {
            rest.add(waiter);
        } else if (hangsOnOthers(waiter)) {
            waiter.recalls++;
            scheduler.after(RECALL_MILLIS, () -> comeAgain(waiter));
        } else {
            Decision no = new Decision.Refused(waiter.standings(now()));
            answers.add(() -> waiter.decided.complete(no));
        }
    }

    private boolean hangsOnOthers(Waiter waiter) {
        return waiter.recalls < MAX_RECALLS
                && waiter.hangsOnOthers(RECALL_MILLIS * 1_000, now());
    }

    private void comeAgain(Waiter waiter) {
        if (closing) {
            waiter.decided.tryFail(new LedgerUnavailableException("the ledger is closed"));
        } else {
            waiting.add(waiter);
            reports.pump();
        }
    }

    @Override
    public void ask(Map<Holding, Need> needs, int most) {
        for (Waiter waiter : waiting) {
            if (!waiter.join(needs, most, now())) {
                return;
            }
        }
    }

    @Override
    public void failed(Throwable cause) {
        List<Waiter> failed = waiting.stream().filter(w -> w.asked).toList();
        waiting.removeAll(failed);
        failed.forEach(w -> w.decided.tryFail(cause));
    }

    private long now() {
        return scheduler.monotonicMicros();
    }

    private Moment moment() {
        return new Moment(reports.ledgerMillis(), now());
    }
}
