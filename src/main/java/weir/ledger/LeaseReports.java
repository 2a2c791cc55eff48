package weir.ledger;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When and what a sidecar reports to the ledger: one call at a time, which carries everything that
 * requests wait for, and whatever is due at about that time.
 *
 * <p>An answer that was lost costs nothing but time: a report says how things stand, so the next
 * one makes up for it.
 */
final class LeaseReports {
    /** One report is some microseconds of the ledger's time: this bounds how long it is held. */
    private static final int MAX_REPORTS = 64;

    /** What is due so soon goes along with what is due now. */
    private static final long ALONG_MICROS = 150_000;

    private static final long RETRY_MICROS = 100_000;

    /** Overdue grants are looked for so often. */
    private static final long EXPIRE_MICROS = 1_000_000;

    /** Before the ledger forgets a holder, with an hour to spare. */
    private static final long STALE_MICROS = Lifetimes.MAX_TTL_MILLIS * 1_000;

    /** Whose reports these are. */
    interface Asker {
        /** Decides what can be decided. */
        void serve();

        /** Adds what requests wait for, of at most so many counters. */
        void ask(Map<Holding, Need> needs, int most);

        /** What was asked for was not answered. */
        void failed(Throwable cause);

        /** Ends what is overdue. */
        void expire();

        /** Whether anything can become overdue. */
        boolean expects();
    }

    private final Leasing leasing;
    private final Scheduler scheduler;
    private final String name;
    private final Holdings holdings;
    private final Asker asker;
    private final Unheard unheard = new Unheard();
    private List<Promise<Void>> readers = new ArrayList<>();
    private int generation;
    private long sequence;
    private long clockOffsetMillis;
    private long answeredMicros;
    private long retryMicros;
    private long armedMicros = Agenda.NONE;
    private boolean underWay;

    LeaseReports(
            Leasing leasing, Scheduler scheduler, String name, Holdings holdings, Asker asker) {
        this.leasing = leasing;
        this.scheduler = scheduler;
        this.name = name;
        this.holdings = holdings;
        this.asker = asker;
        this.answeredMicros = scheduler.monotonicMicros();
        this.retryMicros = answeredMicros;
    }

    Moment now() {
        long ledgerMillis = scheduler.epochMicros() / 1_000 + clockOffsetMillis;
        return new Moment(ledgerMillis, scheduler.monotonicMicros());
    }

    /** Changes that the ledger has not acknowledged. */
    int unheard() {
        return unheard.size();
    }

    /** Completes when the ledger knows of what has just changed. */
    Future<Void> changed(Collection<Holding> changed) {
        if (changed.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> heard = unheard.add(changed, sequence);
        touch(changed);
        pump();
        return heard;
    }

    private void touch(Collection<Holding> changed) {
        Moment now = now();
        changed.forEach(h -> holdings.touch(h, now));
    }

    /** Completes once the ledger has answered, or has not, what it does not know of these. */
    Future<Void> tellNow(List<Holding> asked) {
        Moment now = now();
        List<Holding> stale =
                asked.stream().filter(h -> !h.agenda.isClean() || !h.isAlive(now)).toList();
        if (stale.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> told = Promise.promise();
        readers.add(told);
        stale.forEach(h -> h.agenda.hurry(now.micros()));
        touch(stale);
        pump();
        return told.future();
    }

    /** Gives back everything that no request holds; completes when the ledger knows. */
    Future<Void> endAll() {
        Moment now = now();
        List<Holding> left = holdings.all().stream().filter(h -> !h.isOver(now)).toList();
        left.forEach(h -> h.end(now));
        return changed(left);
    }

    /** Asks the ledger for what waits and tells it what is due, unless it is being asked. */
    void pump() {
        if (!underWay) {
            asker.serve();
        }
        if (underWay) {
            return;
        }
        Moment now = now();
        Map<Holding, Need> needs = new LinkedHashMap<>();
        asker.ask(needs, MAX_REPORTS);
        if (needs.isEmpty() && now.micros() >= retryMicros) {
            addDue(needs, now.micros(), now);
        }
        if (!needs.isEmpty()) {
            addDue(needs, now.micros() + ALONG_MICROS, now);
            send(needs, now);
        }
        arm();
    }

    private void addDue(Map<Holding, Need> needs, long byMicros, Moment now) {
        int most = MAX_REPORTS - needs.size();
        for (Holding due : holdings.due(byMicros, now, most, this::dropped)) {
            needs.putIfAbsent(due, Need.NONE);
        }
    }

    private void dropped(Holding holding) {
        unheard.heard(List.of(holding), Long.MAX_VALUE);
    }

    private void send(Map<Holding, Need> needs, Moment now) {
        underWay = true;
        if (now.micros() - answeredMicros >= STALE_MICROS) {
            generation++;
            holdings.all().forEach(Holding::beginAnew);
        }
        List<LeaseReport> reports = new ArrayList<>(needs.size());
        long first = sequence + 1;
        needs.forEach((holding, need) -> {
            holdings.reports(holding);
            reports.add(holding.report(++sequence, need, now));
        });
        List<Promise<Void>> reading = readers;
        readers = new ArrayList<>();
        leasing.sync(name + "." + generation, reports)
                .onComplete(answer -> {
                    List<Holding> reported = List.copyOf(needs.keySet());
                    if (answer.succeeded()) {
                        answered(reported, answer.result(), first);
                    } else {
                        failed(reported, answer);
                    }
                    touch(reported);
                    reading.forEach(Promise::complete);
                    underWay = false;
                    pump();
                });
    }

    private void answered(List<Holding> reported, List<Lease> leases, long first) {
        answeredMicros = scheduler.monotonicMicros();
        for (int i = 0; i < reported.size(); i++) {
            Holding holding = reported.get(i);
            holding.apply(leases.get(i));
            if (holding.wasOutside()) {
                clockOffsetMillis = leases.get(i).atMillis() - scheduler.epochMicros() / 1_000;
            }
        }
        unheard.heard(reported, first);
        asker.serve();
    }

    private void failed(List<Holding> reported, AsyncResult<List<Lease>> answer) {
        retryMicros = scheduler.monotonicMicros() + RETRY_MICROS;
        reported.forEach(h -> h.agenda.failed());
        asker.failed(answer.cause());
    }

    /** Sees to it that what is due is seen to. */
    void arm() {
        Moment now = now();
        long next = holdings.nextMicros();
        if (next != Agenda.NONE) {
            next = Math.max(next, retryMicros);
        }
        if (asker.expects()) {
            next = Math.min(next, now.micros() + EXPIRE_MICROS);
        }
        if (next == Agenda.NONE || next >= armedMicros) {
            return;
        }
        long at = Math.max(next, now.micros() + 1_000);
        if (at >= armedMicros) {
            return;
        }
        armedMicros = at;
        scheduler.after(Math.ceilDiv(at - now.micros(), 1_000), () -> tick(at));
    }

    private void tick(long atMicros) {
        if (atMicros == armedMicros) {
            armedMicros = Agenda.NONE;
            asker.expire();
            pump();
        }
    }
}
