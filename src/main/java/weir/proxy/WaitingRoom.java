package weir.proxy;

import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.ledger.Decision;
import weir.ledger.Ledger;
import weir.ledger.Reservation;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * Where calls wait for limits with {@code on-limit: wait}: a line for each counter that is short,
 * on each event loop. Of several sidecars, or event loops, each has its own lines, and the ledger
 * decides between the heads of them.
 *
 * <h2>Order</h2>
 *
 * Nobody asks the ledger while somebody who came earlier stands in a line of one of his counters:
 * he goes to the end of that line, however little he wants. So a small call never passes a large
 * one, and a large one does not starve. The head of a line asks again when the ledger has said that
 * there might be room; once it is granted, or gone, the next one asks at once.
 *
 * <p>Who is refused by several counters stands in the line of the one that keeps him longest: he
 * could not go anyway, so he keeps nobody from the others. A head that is refused by another
 * counter moves to that one's line, also where somebody stands there who came before him. So every
 * head either asks or has a time to ask at, and no two wait for each other.
 *
 * <p>In one line the callers' keys take turns, in proportion to their priorities ({@link Line}); of
 * one key, who comes first goes first.
 *
 * <h2>Bounds</h2>
 *
 * A call waits as long as the most impatient of the limits that kept it waiting says; then it is
 * answered with the last refusal. Where waiting is of no use, it is refused at once: a limit that
 * does not wait refuses as well, the ledger says that it would take longer, the line is full, or
 * this event loop is draining.
 */
public final class WaitingRoom {
    /** Each waiting call holds its body and its connection. */
    static final int MAX_WAITING = 1_000;

    /** The last of so many waits longer than any sensible limit of time. */
    static final int MAX_IN_LINE = 100;

    /** So long after a call has ended, the tokens that it did not use are back in the ledger. */
    static final long SETTLED_MILLIS = 50;

    private final Ledger ledger;
    private final Alarm alarm;
    private final LongSupplier nanoClock;
    private final LongConsumer waitingChanged;
    private final Map<Line.Counter, Line> lines = new HashMap<>();
    private long arrivals;
    private int waiting;
    private boolean closed;

    /**
     * Opens a room for one event loop.
     *
     * @param nanoClock monotonic, in nanoseconds
     * @param waitingChanged is told by how many more, or less, wait
     */
    public WaitingRoom(
            Ledger ledger, Alarm alarm, LongSupplier nanoClock, LongConsumer waitingChanged) {
        this.ledger = ledger;
        this.alarm = alarm;
        this.nanoClock = nanoClock;
        this.waitingChanged = waitingChanged;
    }

    /** Reserves now, or as soon as it is the visitor's turn and there is room. */
    Visitor admit(Reservation reservation, Caller caller) {
        Visitor visitor = new Visitor(this, reservation, caller, arrivals++);
        goOn(visitor);
        return visitor;
    }

    /** A call that held these claims has ended: it may be time to ask for whoever waits. */
    void freed(List<Standing> standings) {
        if (lines.isEmpty()) {
            return;
        }
        for (Standing standing : standings) {
            Line line = lines.get(Line.Counter.of(standing.claim()));
            if (line != null) {
                switch (standing.claim().meter().unit()) {
                    case CONCURRENT -> turn(line);
                    case INPUT_TOKENS, OUTPUT_TOKENS, TOKENS -> wake(line, SETTLED_MILLIS);
                    case REQUESTS, SPEND -> {}
                }
            }
        }
    }

    /** All who wait are answered with their last refusal; from now on nobody waits. */
    void close() {
        closed = true;
        for (Line line : List.copyOf(lines.values())) {
            line.visitors().reversed().forEach(Visitor::giveUp);
        }
    }

    /** Asks, or stands behind those who came before. */
    private void goOn(Visitor visitor) {
        for (Claim claim : visitor.reservation().claims()) {
            Line line = lines.isEmpty() || !waits(claim) ? null : lines.get(Line.Counter.of(claim));
            if (line != null && line != visitor.line && line.holdsBefore(visitor)) {
                Standing refusal = line.standing(claim, nanos());
                visitor.refused = new Decision.Refused(List.of(refusal));
                stand(visitor, refusal);
                return;
            }
        }
        visitor.asking = true;
        ledger.reserve(visitor.reservation())
                .onComplete(answer -> {
                    visitor.asking = false;
                    answered(visitor, answer);
                });
    }

    private void answered(Visitor visitor, AsyncResult<Decision> answer) {
        if (answer.succeeded() && answer.result() instanceof Decision.Refused no) {
            visitor.refused = no;
            Standing longest = longest(no);
            if (longest != null && !visitor.isGone()) {
                line(longest.claim()).saw(longest, nanos());
                stand(visitor, longest);
                return;
            }
        }
        tell(visitor, answer);
    }

    private void tell(Visitor visitor, AsyncResult<Decision> answer) {
        Line left = detach(visitor);
        boolean heard = visitor.tell(answer);
        if (!heard && answer.result() instanceof Decision.Granted late) {
            ledger.settle(new Settlement(late, Amounts.NOTHING));
        }
        next(left);
    }

    /** The refusal that lasts longest, if all of them may be waited off; else null. */
    private static @Nullable Standing longest(Decision.Refused no) {
        Standing longest = null;
        for (Standing standing : no.standings()) {
            if (standing.refuses()) {
                if (!waits(standing.claim()) || standing.verdict() != Standing.Verdict.SHORT) {
                    return null;
                }
                if (longest == null || standing.waitMillis() > longest.waitMillis()) {
                    longest = standing;
                }
            }
        }
        return longest;
    }

    /** Whether a claim may have to stand in a line. */
    private static boolean waits(Claim claim) {
        return claim.amount() > 0
                && claim.limit().policy().waitMillis() > 0
                && !claim.limit().policy().shadow();
    }

    private Line line(Claim claim) {
        return lines.computeIfAbsent(Line.Counter.of(claim), Line::new);
    }

    /** In the line of the counter that this refusal is of, or out. */
    private void stand(Visitor visitor, Standing refusal) {
        Line line = line(refusal.claim());
        if (!mayStand(visitor, line, refusal)) {
            visitor.giveUp();
            next(line);
            return;
        }
        if (visitor.line != line) {
            Line left = detach(visitor);
            attach(visitor, line);
            visitor.waitAtMost(refusal.claim().limit().policy().waitMillis());
            next(left);
        }
        if (line.head() == visitor) {
            wake(line, visitor.asksAgainMillis(refusal));
        }
    }

    private boolean mayStand(Visitor visitor, Line line, Standing refusal) {
        long leftMillis = visitor.leftMillis(refusal.claim().limit().policy().waitMillis());
        // Calls that end may give back tokens and slots before the time that the ledger names,
        // but hardly ever requests.
        boolean hopeless =
                refusal.claim().meter().unit() == Unit.REQUESTS
                        && refusal.waitMillis() > leftMillis;
        boolean full = line.size() >= MAX_IN_LINE || waiting >= MAX_WAITING;
        boolean room = visitor.line == line || !full;
        return !closed && leftMillis > 0 && !hopeless && room;
    }

    /** Sees to it that the head asks in so long a time, if not before. */
    private void wake(Line line, long millis) {
        long atNanos = nanos() + millis * 1_000_000;
        if (line.sleepsUntil(atNanos)) {
            line.wakeBy(new Alarm.Set(atNanos, alarm.set(millis, () -> turn(line))));
        }
    }

    /** The head asks now. */
    private void turn(Line line) {
        line.sleep();
        Visitor head = line.head();
        if (head != null && !head.asking) {
            goOn(head);
        }
    }

    /** Who left the line may have been its head, and its last. */
    private void next(@Nullable Line line) {
        if (line == null) {
            return;
        }
        if (line.head() == null) {
            lines.remove(line.counter(), line);
        } else if (line.sleepsUntil(Long.MAX_VALUE - 1)) {
            turn(line);
        }
    }

    private void attach(Visitor visitor, Line line) {
        line.add(visitor);
        visitor.line = line;
        waiting++;
        waitingChanged.accept(1);
    }

    /** Out of the line that the visitor stands in, if any; to be followed by {@link #next}. */
    private @Nullable Line detach(Visitor visitor) {
        Line line = visitor.line;
        if (line != null) {
            line.remove(visitor);
            visitor.line = null;
            waiting--;
            waitingChanged.accept(-1);
        }
        return line;
    }

    /** Out of the line and out of the room. */
    void leave(Visitor visitor) {
        next(detach(visitor));
    }

    /** The time to wait is over; who has come to the head asks once more. */
    void timeUp(Visitor visitor) {
        Line line = visitor.line;
        if (line != null && line.head() == visitor) {
            turn(line);
        } else {
            visitor.giveUp();
        }
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    Runnable alarm(long millis, Runnable ring) {
        return alarm.set(millis, ring);
    }

    /** For tests: how many wait. */
    int waiting() {
        return waiting;
    }

    /** For tests: counters for which somebody waits. */
    int lines() {
        return lines.size();
    }
}
