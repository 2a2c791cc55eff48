package weir.ledger;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether it is worth asking on a connection: answers come in the order of the questions, so while
 * one is overdue, the next would be as well. Without that, every request of an outage would wait
 * for the whole deadline only to learn what the one before it has learned.
 *
 * <p>The circuit opens when the oldest question has been waiting for three deadlines (Redis hangs),
 * or when three answers in a row were late, each to a question that was asked after the last of
 * them (Redis is slow). One late answer, or one pause of this process that makes all that is in
 * flight late at once, opens nothing. One answer in time closes it; while it is open, a probe at a
 * time asks.
 *
 * <p>Belongs to one connection and its event loop; {@link #isOpen} may be asked from anywhere.
 */
final class Circuit {
    private static final int LATE_IN_A_ROW = 3;

    private final long deadlineNanos;
    private final Deque<Long> askedNanos = new ArrayDeque<>();
    private long countedNanos;
    private int late;

    /**
     * @param deadlineNanos after which an answer is late
     */
    Circuit(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    synchronized void asked(long nowNanos) {
        askedNanos.add(nowNanos);
    }

    /** The oldest question was answered, with whatever. */
    synchronized void answered(long nowNanos) {
        Long asked = askedNanos.poll();
        if (asked == null) {
            throw new IllegalStateException("an answer without a question");
        }
        if (nowNanos - asked <= deadlineNanos) {
            late = 0;
        } else if (late == 0 || asked - countedNanos >= 0) {
            late++;
            countedNanos = nowNanos;
        }
    }

    synchronized boolean isOpen(long nowNanos) {
        Long oldest = askedNanos.peek();
        return late >= LATE_IN_A_ROW
                || (oldest != null && nowNanos - oldest > LATE_IN_A_ROW * deadlineNanos);
    }

    /** Whether nothing is in flight that would tell. */
    synchronized boolean isSilent() {
        return askedNanos.isEmpty();
    }
}
