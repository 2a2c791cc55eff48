package weir.proxy;

import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import weir.ledger.Decision;
import weir.ledger.Decision.Granted;
import weir.ledger.Reservation;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;

/**
 * A session's money, turn by turn.
 *
 * <p>What admitted the session holds the worst case of one turn, and holds it to the end. What a
 * turn has cost is booked as a reservation of exactly that, settled at once: so the worst case is
 * there for the next turn, and what is spent is spent when it is, in the window and from the
 * buckets of that moment. Where several turns are under way at once, each but the first has a worst
 * case of its own, which is then settled at its cost.
 *
 * <p>While a cost is not booked, or a turn's worst case not granted, nothing that the caller sends
 * goes on. Where that may pass, because others hold the rest of a budget, a bucket has to refill or
 * the ledger does not answer, it is asked again for {@link #PATIENCE_MILLIS}.
 *
 * <p>So no more is spent than is reserved, but for turns that the provider begins by itself before
 * it hears that there is no money for them; these are owed all the same, as a debt.
 */
final class Turns {
    /** Who speaks with somebody that does not answer for so long has hung up. */
    static final long PATIENCE_MILLIS = 10_000;

    interface Events extends Guard {
        /** A ledger has said how the counters stand. */
        void told(List<Standing> standings);

        /** The ledger did not answer; it is asked again. */
        void failed(Throwable cause);

        /** What the caller sends may go on, if it had to wait. */
        void covered();

        /** There is no money for another turn. */
        void refused(Refusal refusal);
    }

    private final Hold hold;
    private final Amounts worst;
    private final Alarm alarm;
    private final Events events;
    private final Deque<Granted> more = new ArrayDeque<>(0);

    /** What turns have cost and no ledger knows yet. */
    private Amounts owed = Amounts.NOTHING;

    private int underWay;
    private int asked;
    private long waitedMillis;
    private boolean asking;
    private boolean waiting;
    private boolean over;
    private Runnable alarmOff = () -> {};

    /**
     * Begins.
     *
     * @param worst the most that one turn can use
     */
    Turns(Hold hold, Amounts worst, Alarm alarm, Events events) {
        this.hold = hold;
        this.worst = worst;
        this.alarm = alarm;
        this.events = events;
    }

    /**
     * So many turns are under way.
     *
     * @param cost of what has ended
     */
    void now(int turns, Amounts cost) {
        underWay = turns;
        owed = plus(owed, cost);
        while (more.size() > Math.max(0, turns - 1)) {
            // What is being asked for is booked by the answer.
            Amounts ended = asking ? Amounts.NOTHING : owed;
            settle(more.removeLast(), ended);
            owed = minus(owed, ended);
        }
        look();
    }

    /** Whether any of what a session holds is counted by its turns. */
    static boolean areCounted(Hold hold) {
        return hold.first().standings().stream().map(Standing::claim).anyMatch(Turns::countsTurns);
    }

    /** Whether all is booked, and each turn has its worst case. */
    boolean isCovered() {
        return owed.equals(Amounts.NOTHING) && more.size() + 1 >= underWay;
    }

    /**
     * Ends.
     *
     * @param broken turns under way, which are charged at their worst case
     * @return what is to be settled with the hold
     */
    Amounts end(int broken) {
        over = true;
        stopWaiting();
        int others = broken - 1;
        for (Granted grant : more) {
            settle(grant, others-- > 0 ? worst : Amounts.NOTHING);
        }
        return plus(owed, broken > 0 ? worst : Amounts.NOTHING);
    }

    private void look() {
        if (over || asking) {
            return;
        }
        if (isCovered()) {
            stopWaiting();
            waitedMillis = 0;
            events.covered();
        } else if (waiting) {
            return;
        } else if (owed.equals(Amounts.NOTHING)) {
            ask(worst.nanoUsd(), Amounts.NOTHING);
        } else {
            ask(owed.nanoUsd(), owed);
        }
    }

    /**
     * A token is asked of each bucket, so that one in debt says when it is not.
     *
     * @param cost that it is for; nothing where it is for a turn to come
     */
    private void ask(long nanoUsd, Amounts cost) {
        asking = true;
        asked++;
        Reservation admitted = hold.first().reservation();
        List<Claim> claims =
                hold.first().standings().stream()
                        .map(Standing::claim)
                        .filter(Turns::countsTurns)
                        .map(claim -> claim.withAmount(claim.isMoney() ? nanoUsd : 1))
                        .toList();
        Reservation turn =
                new Reservation(admitted.id() + "~" + asked, claims, admitted.ttlMillis());
        hold.ledger()
                .reserve(turn)
                .onComplete(answer -> events.guarded(() -> decided(answer, cost)));
    }

    /** A session is one request; its tokens and its money are its turns'. */
    private static boolean countsTurns(Claim claim) {
        Unit unit = claim.meter().unit();
        return unit != Unit.REQUESTS && unit != Unit.CONCURRENT;
    }

    private void decided(AsyncResult<Decision> answer, Amounts cost) {
        asking = false;
        if (answer.failed()) {
            events.failed(answer.cause());
            askAgain(Slices.ASK_AGAIN_MILLIS, Refusal.LedgerUnavailable.of(answer.cause()));
            return;
        }
        switch (answer.result()) {
            case Granted granted -> granted(granted, cost);
            case Decision.Refused no ->
                    refused(
                            Refusal.Limited.of(
                                    no.standings().stream().map(this::seenFromHere).toList()));
        }
        if (answer.result().backed()) {
            events.told(answer.result().standings());
        }
    }

    /** Where what this session holds itself would have to be given back, waiting is of no use. */
    private Standing seenFromHere(Standing standing) {
        long heldNanoUsd = hold.nanoUsd() + more.size() * worst.nanoUsd();
        boolean ownFault =
                standing.verdict() == Verdict.RESERVED
                        && standing.used() + heldNanoUsd + standing.claim().amount()
                                > standing.limit();
        return ownFault ? standing.withVerdict(Verdict.EXHAUSTED) : standing;
    }

    private void granted(Granted granted, Amounts cost) {
        if (over) {
            settle(granted, Amounts.NOTHING);
            return;
        }
        if (cost.equals(Amounts.NOTHING)) {
            more.add(granted);
        } else {
            settle(granted, cost);
            owed = minus(owed, cost);
        }
        now(underWay, Amounts.NOTHING);
    }

    private void refused(Refusal.Limited no) {
        boolean passes =
                no.reason() == Reason.BUDGET_RESERVED || no.reason() == Reason.RATE_LIMITED;
        if (passes) {
            askAgain(
                    Math.max(Slices.ASK_AGAIN_MILLIS, Standing.longestWaitMillis(no.violated())),
                    no);
        } else if (!over) {
            events.refused(no);
        }
    }

    private void askAgain(long millis, Refusal otherwise) {
        if (over) {
            return;
        }
        waitedMillis += millis;
        if (waitedMillis > PATIENCE_MILLIS) {
            events.refused(otherwise);
            return;
        }
        waiting = true;
        alarmOff = alarm.set(millis, () -> events.guarded(this::waited));
    }

    private void waited() {
        waiting = false;
        look();
    }

    private void stopWaiting() {
        waiting = false;
        alarmOff.run();
    }

    private void settle(Granted grant, Amounts actual) {
        hold.ledger().settle(new Settlement(grant, actual));
    }

    private static Amounts plus(Amounts a, Amounts b) {
        return new Amounts(
                0,
                a.inputTokens() + b.inputTokens(),
                a.outputTokens() + b.outputTokens(),
                a.nanoUsd() + b.nanoUsd());
    }

    private static Amounts minus(Amounts a, Amounts b) {
        return new Amounts(
                0,
                a.inputTokens() - b.inputTokens(),
                a.outputTokens() - b.outputTokens(),
                a.nanoUsd() - b.nanoUsd());
    }
}
