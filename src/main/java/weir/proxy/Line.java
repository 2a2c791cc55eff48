package weir.proxy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * Who waits for one counter, in the order of their turns.
 *
 * <p>The order is that of start-time fair queueing (Goyal, Vin and Cheng, 1996): each visitor's
 * turn comes a stride after the one before it of the same key, and not before the turn of the head
 * that went last, so keys take turns however many calls each of them sends; a key of priority 3 has
 * a stride of a third. The head stays the head: it may have waited long for a large amount.
 */
final class Line {
    /** Divisible by every priority from 1 to 10, so that shares are exact. */
    private static final long STRIDE = 2_520;

    private final Counter counter;
    private final List<Visitor> visitors = new ArrayList<>();

    /** The turn of the head that went last. */
    private long turn;

    private @Nullable Standing last;
    private long lastNanos;
    private Alarm.@Nullable Set alarm;

    /** What a line is for; limits of one name are one, also after a reload. */
    record Counter(String limit, Unit unit, List<String> scope) {
        static Counter of(Claim claim) {
            return new Counter(claim.limit().name(), claim.meter().unit(), claim.scope());
        }
    }

    Line(Counter counter) {
        this.counter = counter;
    }

    Counter counter() {
        return counter;
    }

    int size() {
        return visitors.size();
    }

    List<Visitor> visitors() {
        return List.copyOf(visitors);
    }

    @Nullable Visitor head() {
        return visitors.isEmpty() ? null : visitors.getFirst();
    }

    /** Whether somebody stands here who came before. */
    boolean holdsBefore(Visitor visitor) {
        return visitors.stream().anyMatch(v -> v.arrival() < visitor.arrival());
    }

    void add(Visitor visitor) {
        long start = turn;
        for (Visitor other : visitors) {
            if (other.key().equals(visitor.key())) {
                start = Math.max(start, other.turn);
            }
        }
        visitor.turn = start + STRIDE / visitor.priority();
        int at = visitors.size();
        while (at > 1 && visitors.get(at - 1).turn > visitor.turn) {
            at--;
        }
        visitors.add(at, visitor);
    }

    /** Returns whether it was the head, so that there is another one now, or none. */
    boolean remove(Visitor visitor) {
        boolean first = head() == visitor;
        visitors.remove(visitor);
        if (first) {
            turn = Math.max(turn, visitor.turn);
            sleep();
        }
        return first;
    }

    /** What the ledger last said of this counter to somebody whom it refused. */
    void saw(Standing standing, long nowNanos) {
        last = standing;
        lastNanos = nowNanos;
    }

    /** The same for another claim on this counter that nobody has asked the ledger about. */
    Standing standing(Claim claim, long nowNanos) {
        Standing seen = last;
        if (seen == null) {
            throw new IllegalStateException("nobody was ever refused in this line");
        }
        long passedMillis = (nowNanos - lastNanos) / 1_000_000;
        return new Standing(
                claim,
                seen.limit(),
                seen.used(),
                seen.reserved(),
                seen.leased(),
                seen.left(),
                seen.windowStartMillis(),
                Math.max(0, seen.resetMillis() - passedMillis),
                Math.max(1, seen.waitMillis() - passedMillis),
                Standing.Verdict.SHORT);
    }

    /** Whether nothing wakes the head before this. */
    boolean sleepsUntil(long atNanos) {
        return alarm == null || alarm.atNanos() > atNanos;
    }

    /** The head's next alarm; takes the place of the one that was set. */
    void wakeBy(Alarm.Set next) {
        sleep();
        alarm = next;
    }

    /** Nothing wakes the head any more. */
    void sleep() {
        if (alarm != null) {
            alarm.off().run();
            alarm = null;
        }
    }
}
