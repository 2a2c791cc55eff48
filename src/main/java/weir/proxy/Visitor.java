package weir.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.ledger.Decision;
import weir.ledger.Reservation;
import weir.limit.Meter;
import weir.limit.Standing;

/** A reservation on its way through the {@link WaitingRoom}. */
final class Visitor {
    private static final long NEVER = Long.MAX_VALUE;

    /** How soon to ask again for a slot that another sidecar may free, at first and at most. */
    static final long FIRST_POLL_MILLIS = 50;

    static final long LAST_POLL_MILLIS = 1_000;

    private final WaitingRoom room;
    private final Reservation reservation;
    private final Caller caller;
    private final long arrival;
    private final long arrivedNanos;
    private final Promise<Decision> decision = Promise.promise();
    private long endsNanos = NEVER;
    private Runnable alarmOff = () -> {};
    private int polls;
    private boolean gone;
    private boolean waited;
    private long waitedNanos;

    /** The line that it stands in; null while it stands in none. */
    @Nullable Line line;

    /** Its place in the line, see {@link Line}. */
    long turn;

    /** Whether the ledger has been asked and has not answered. */
    boolean asking;

    /** The last refusal. */
    Decision.@Nullable Refused refused;

    /**
     * Enters.
     *
     * @param arrival ascending in the order in which visitors come
     */
    Visitor(WaitingRoom room, Reservation reservation, Caller caller, long arrival) {
        this.room = room;
        this.reservation = reservation;
        this.caller = caller;
        this.arrival = arrival;
        this.arrivedNanos = room.nanos();
    }

    /** The ledger's decision, or a refusal because the wait was over. */
    Future<Decision> decision() {
        return decision.future();
    }

    /** How long it stood in lines, in nanoseconds; 0 where it was decided at once. */
    long waitedNanos() {
        return waitedNanos;
    }

    /** The caller has left: nobody waits any more, and a grant that still comes is given back. */
    void leave() {
        gone = true;
        alarmOff.run();
        room.leave(this);
    }

    /** Waits no longer; returns false where the ledger is being asked, so that it is to answer. */
    boolean giveUp() {
        Decision.Refused no = refused;
        if (asking || no == null) {
            return false;
        }
        room.leave(this);
        tell(Future.succeededFuture(no));
        return true;
    }

    Reservation reservation() {
        return reservation;
    }

    String key() {
        return caller.key();
    }

    int priority() {
        return caller.priority();
    }

    long arrival() {
        return arrival;
    }

    boolean isGone() {
        return gone;
    }

    /** How much longer it may wait, in milliseconds, where it may wait so long in all. */
    long leftMillis(long waitMillis) {
        return (Math.min(endsNanos, arrivedNanos + waitMillis * 1_000_000) - room.nanos())
                / 1_000_000;
    }

    /** When to ask again, in milliseconds, at the head of a line and after this refusal. */
    long asksAgainMillis(Standing refusal) {
        if (refusal.claim().meter() instanceof Meter.Concurrency) {
            return Math.min(FIRST_POLL_MILLIS << Math.min(polls++, 10), LAST_POLL_MILLIS);
        }
        return Math.max(1, refusal.waitMillis());
    }

    /** It waits no longer than this in all. */
    void waitAtMost(long waitMillis) {
        waited = true;
        long ends = arrivedNanos + waitMillis * 1_000_000;
        if (ends < endsNanos) {
            alarmOff.run();
            endsNanos = ends;
            long millis = Math.ceilDiv(ends - room.nanos(), 1_000_000);
            alarmOff = room.alarm(Math.max(1, millis), () -> room.timeUp(this));
        }
    }

    /** Tells the decision; returns false where it was told one before. */
    boolean tell(AsyncResult<Decision> answer) {
        alarmOff.run();
        waitedNanos = waited ? room.nanos() - arrivedNanos : 0;
        return answer.succeeded()
                ? decision.tryComplete(answer.result())
                : decision.tryFail(answer.cause());
    }
}
