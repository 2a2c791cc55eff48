package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.ledger.LocalGrants.Part;
import weir.limit.Claim;

/**
 * Reservations that no lease covers yet, in the order in which they came: they ask together, and
 * are served in order when the ledger has answered.
 */
final class LeaseQueue implements LeaseReports.Asker {
    /** Holders hear of a recall within {@link Agenda#POLL_MICROS}, and answer at once. */
    static final long RECALL_MILLIS = 300;

    /** After so many in which they gave nothing back, they are not waited for. */
    static final int MAX_RECALLS = 2;

    /** Where so many answers could not settle it, the wrapped ledger decides as a whole. */
    private static final int MAX_ROUNDS = 8;

    /** Some seconds' worth of requests; they are answered in milliseconds, or fail. */
    private static final int MAX_WAITING = 4_096;

    private final Scheduler scheduler;
    private final long deadlineMillis;
    private final Holdings holdings;
    private final LocalGrants grants;
    private final Places known = new Places();
    private final Function<Reservation, Future<Decision>> exactly;
    private @Nullable LeaseReports reports;
    private Deque<Waiter> waiting = new ArrayDeque<>();
    private boolean closed;

    /**
     * Is started once there are reports.
     *
     * @param deadlineMillis after which one that waits for the ledger has failed
     * @param exactly the way that needs no leases
     */
    LeaseQueue(
            Scheduler scheduler,
            long deadlineMillis,
            Holdings holdings,
            LocalGrants grants,
            Function<Reservation, Future<Decision>> exactly) {
        this.scheduler = scheduler;
        this.deadlineMillis = deadlineMillis;
        this.holdings = holdings;
        this.grants = grants;
        this.exactly = exactly;
    }

    void start(LeaseReports with) {
        reports = with;
    }

    private LeaseReports reports() {
        return Objects.requireNonNull(reports);
    }

    private Moment now() {
        return reports().now();
    }

    /**
     * The holdings of a request; null where leases cannot cover it: there are too many counters, or
     * the window of its admission is past.
     */
    @Nullable List<Part> parts(Reservation reservation) {
        long admitted = reservation.admittedMillis();
        long nowMillis = now().ledgerMillis();
        long atMillis = admitted == Reservation.NOW ? nowMillis : admitted;
        List<Part> parts = new ArrayList<>();
        for (Place place : places(reservation.claims(), atMillis)) {
            Holding holding = place.isAt(nowMillis) ? holdings.at(place) : null;
            if (holding == null) {
                return null;
            }
            parts.add(new Part(holding, place.claim()));
        }
        return parts;
    }

    List<Place> places(List<Claim> claims, long atMillis) {
        return known.of(claims, atMillis);
    }

    /** Takes what leases cover; null where they do not. */
    Decision.@Nullable Granted grantIfCovered(Waiter waiter) {
        Moment now = now();
        long nanoUsd = waiter.covered(now);
        if (nanoUsd < 0) {
            return null;
        }
        Waiter.Taken taken = waiter.take(nanoUsd, now);
        grants.add(waiter.reservation, taken.parts(), now.ledgerMillis());
        waiter.parts().forEach(p -> holdings.touch(p.holding(), now));
        reports().arm();
        return new Decision.Granted(waiter.reservation, taken.standings(), now.ledgerMillis());
    }

    /** Asks the ledger for what is short. */
    Future<Decision> add(Waiter waiter) {
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(
                    new LedgerUnavailableException("too many requests wait for the ledger"));
        }
        waiter.enter();
        await(waiter);
        return waiter.decided.future().onComplete(d -> waiter.leave());
    }

    /** The time that other holders have to give back does not count as waiting for the ledger. */
    private void await(Waiter waiter) {
        long since = now().micros();
        waiter.sinceMicros = since;
        waiting.add(waiter);
        scheduler.afterWaiting(
                deadlineMillis,
                () -> {
                    if (waiter.sinceMicros == since && waiting.remove(waiter)) {
                        waiter.decided.tryFail(Tellings.noAnswer());
                    }
                });
        reports().pump();
    }

    void close() {
        closed = true;
        Deque<Waiter> left = waiting;
        waiting = new ArrayDeque<>();
        left.forEach(LeaseQueue::fail);
    }

    private static void fail(Waiter waiter) {
        waiter.decided.tryFail(new LedgerUnavailableException("the ledger is closed"));
    }

    @Override
    public void expire() {
        reports().changed(grants.expire(now()));
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
            Decision granted = grantIfCovered(waiter);
            if (granted != null) {
                answers.add(() -> waiter.decided.tryComplete(granted));
                continue;
            }
            Throwable cause = waiter.failure();
            if (cause != null) {
                answers.add(() -> waiter.decided.tryFail(cause));
            } else if (waiter.isAnswered()) {
                waiter.asked = null;
                look(waiter, rest, answers);
            } else {
                rest.add(waiter);
            }
        }
        waiting = rest;
        answers.forEach(Runnable::run);
    }

    /** The ledger has answered, and leases do not cover it yet. */
    private void look(Waiter waiter, Deque<Waiter> rest, List<Runnable> answers) {
        boolean moves = waiter.isInWrongWindow();
        List<Part> parts = moves ? parts(waiter.reservation) : waiter.parts();
        if (parts == null || waiter.rounds > MAX_ROUNDS) {
            answers.add(() -> exactly.apply(waiter.reservation).onComplete(waiter.decided));
            return;
        }
        if (moves) {
            waiter.move(parts);
        }
        if (moves || !waiter.isShort(now())) {
            rest.add(waiter);
        } else if (waiter.hangsOnOthers(MAX_RECALLS * RECALL_MILLIS * 1_000, now())) {
            scheduler.after(RECALL_MILLIS, () -> comeAgain(waiter));
        } else {
            Decision no = new Decision.Refused(waiter.standings(now()));
            answers.add(() -> waiter.decided.tryComplete(no));
        }
    }

    private void comeAgain(Waiter waiter) {
        if (closed) {
            fail(waiter);
        } else {
            await(waiter);
        }
    }

    @Override
    public void keep(LeaseCall call) {
        Moment now = now();
        for (Waiter waiter : waiting) {
            waiter.keep(call, now);
        }
    }

    @Override
    public void ask(LeaseCall call, int most) {
        Moment now = now();
        for (Waiter waiter : waiting) {
            if (!waiter.join(call, most, now)) {
                return;
            }
        }
    }
}
