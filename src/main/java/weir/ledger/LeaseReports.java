package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When and what a sidecar reports to the ledger: one call at a time, which carries everything that
 * requests wait for, and whatever is due at about that time. A call asks each part of the ledger by
 * itself. While one takes long, calls for the others go on; a counter has never two reports under
 * way, since an answer is understood by what its report said.
 *
 * <p>An answer that was lost costs nothing but time: a report says how things stand, so the next
 * one makes up for it.
 */
final class LeaseReports {
    /** One report is some microseconds of the ledger's time: this bounds how long it is held. */
    private static final int MAX_REPORTS = 64;

    /** What is due so soon goes along with what is due now. */
    private static final long ALONG_MICROS = 150_000;

    /** So long the ledger is left alone that is away; what waits is asked for all the same. */
    private static final long RETRY_MICROS = 100_000;

    /** Where it is not, others are next in so short a time, beside whom one did not fail. */
    private static final long NEXT_MICROS = 1_000;

    /** After so long without an answer, what needs only other parts of the ledger is asked. */
    private static final long SLOW_MICROS = 5_000;

    /** Overdue grants are looked for so often. */
    private static final long EXPIRE_MICROS = 1_000_000;

    private static final String FOREIGN = "in Redis, what is there is not a counter: ";

    /** Whose reports these are. */
    interface Asker {
        /** Decides what can be decided. */
        void serve();

        /** Adds what requests wait for, of at most so many counters. */
        void ask(LeaseCall call, int most);

        /** Adds for what is asked already what requests need of it that others have to wait for. */
        void keep(LeaseCall call);

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
    private final Tellings tellings = new Tellings();
    private LeaseCall underWay = new LeaseCall();
    private long sequence;
    private long clockOffsetMillis;
    private long retryMicros;
    private long armedMicros = Agenda.NONE;
    private long sentMicros;
    private boolean waits;

    LeaseReports(
            Leasing leasing, Scheduler scheduler, String name, Holdings holdings, Asker asker) {
        this.leasing = leasing;
        this.scheduler = scheduler;
        this.name = name;
        this.holdings = holdings;
        this.asker = asker;
        this.retryMicros = scheduler.monotonicMicros();
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

    /**
     * Completes when the ledger knows how these stand; fails where it does not within so many
     * milliseconds.
     */
    Future<Void> tellNow(List<Holding> asked, long deadlineMillis) {
        Moment now = now();
        List<Holding> stale =
                asked.stream().filter(h -> !h.agenda.isClean() || !h.isAlive(now)).toList();
        if (stale.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> told = tellings.add(stale, sequence);
        scheduler.afterWaiting(deadlineMillis, () -> told.tryFail(Tellings.noAnswer()));
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
        Moment now = now();
        if (mustWait(now)) {
            return;
        }
        asker.serve();
        if (mustWait(now)) {
            return;
        }
        LeaseCall call = new LeaseCall();
        List<Holding> dropped = new ArrayList<>();
        asker.ask(call, MAX_REPORTS);
        if (call.needs.isEmpty() && now.micros() >= retryMicros) {
            addDue(call, now.micros(), now, dropped);
        }
        if (!call.needs.isEmpty()) {
            addDue(call, now.micros() + ALONG_MICROS, now, dropped);
            asker.keep(call);
            send(call, now);
        }
        arm();
        unheard.heard(dropped, Long.MAX_VALUE);
    }

    /**
     * What comes while the ledger is being asked is gathered until it has answered. A part of it
     * that takes longer has only those wait who need it.
     */
    private boolean mustWait(Moment now) {
        if (underWay.isDone()) {
            return false;
        }
        long left = sentMicros + SLOW_MICROS - now.micros();
        if (left > 0 && !waits) {
            waits = true;
            scheduler.after(Math.ceilDiv(left, 1_000), this::pump);
        }
        return left > 0;
    }

    private void addDue(LeaseCall call, long byMicros, Moment now, List<Holding> dropped) {
        int most = MAX_REPORTS - call.needs.size();
        for (Holding due : holdings.due(byMicros, now, most, dropped::add)) {
            call.needs.putIfAbsent(due, Need.NONE);
        }
    }

    /** Whom a question is put to, and by whom: one script of Redis answers it as a whole. */
    private record Side(int shard, int generation) {}

    /**
     * What is sent to one side. All are made before any is sent: whoever hears that one has failed
     * may ask at once, and no holding may have two reports under way.
     */
    private record Question(Side side, List<Holding> reporting, List<LeaseReport> reports) {}

    private void send(LeaseCall call, Moment now) {
        underWay = call;
        sentMicros = scheduler.monotonicMicros();
        waits = false;
        call.sent();
        long first = sequence + 1;
        Map<Side, Question> questions = new LinkedHashMap<>();
        call.needs.forEach((holding, need) -> {
            holding.beginAnewIfForgotten(now);
            holdings.reports(holding);
            Question question =
                    questions.computeIfAbsent(
                            new Side(leasing.shard(holding.place().claim()), holding.generation()),
                            side -> new Question(side, new ArrayList<>(), new ArrayList<>()));
            question.reporting().add(holding);
            question.reports().add(holding.report(++sequence, need, now));
        });
        questions.values().forEach(question -> put(call, question, first));
    }

    private void put(LeaseCall call, Question question, long first) {
        List<Holding> reporting = question.reporting();
        leasing.sync(name + "." + question.side().generation(), question.reports())
                .onComplete(answer -> {
                    if (answer.succeeded()) {
                        answered(call, reporting, answer.result());
                        tellings.heard(reporting, first);
                        unheard.heard(reporting, first);
                    } else {
                        failed(call, reporting, answer.cause());
                    }
                    asker.serve();
                    touch(reporting);
                    pump();
                });
    }

    private void answered(LeaseCall call, List<Holding> reporting, List<Optional<Lease>> leases) {
        for (int i = 0; i < reporting.size(); i++) {
            Holding holding = reporting.get(i);
            Lease lease = leases.get(i).orElse(null);
            if (lease == null) {
                String key = holding.place().key();
                failed(call, List.of(holding), new LedgerUnavailableException(FOREIGN + key));
                continue;
            }
            holding.apply(lease);
            call.answered(holding);
            if (holding.wasOutside()) {
                clockOffsetMillis = lease.atMillis() - scheduler.epochMicros() / 1_000;
            }
        }
    }

    private void failed(LeaseCall call, List<Holding> reporting, Throwable cause) {
        reporting.forEach(h -> h.agenda.failed());
        call.failed(reporting, cause);
        tellings.failed(reporting, cause);
        retryMicros = scheduler.monotonicMicros() + (leasing.isUp() ? NEXT_MICROS : RETRY_MICROS);
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
