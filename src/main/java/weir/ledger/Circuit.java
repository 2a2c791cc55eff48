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
 * flight late at once, opens nothing; nor does what an {@link AttentiveClock} leaves out. One
 * answer in time closes it; while it is open, a probe at a time asks.
 *
 * <p>Belongs to one connection and its event loop; {@link #isOpen} may be asked from anywhere. A
 * clock that jumps may open it for as long as the next answer takes.
 */
final class Circuit {
    private static final int LATE_IN_A_ROW = 3;

    /** Of one event loop, which begins and ends to wait for answers. */
    @FunctionalInterface
    interface Clock {
        long micros();

        default void begin() {}

        default void end() {}
    }

    private final long deadlineMicros;
    private final Clock clock;
    private final Deque<Long> askedMicros = new ArrayDeque<>();
    private long countedMicros;
    private int late;

    /**
     * @param deadlineMicros after which an answer is late
     */
    Circuit(long deadlineMicros, Clock clock) {
        this.deadlineMicros = deadlineMicros;
        this.clock = clock;
    }

    synchronized void asked() {
        if (askedMicros.isEmpty()) {
            clock.begin();
        }
        askedMicros.add(clock.micros());
    }

    /** The oldest question was answered, with whatever. */
    synchronized void answered() {
        Long asked = askedMicros.poll();
        if (asked == null) {
            throw new IllegalStateException("an answer without a question");
        }
        long now = clock.micros();
        if (askedMicros.isEmpty()) {
            clock.end();
        }
        if (now - asked <= deadlineMicros) {
            late = 0;
        } else if (late == 0 || asked >= countedMicros) {
            late++;
            countedMicros = now;
        }
    }

    synchronized boolean isOpen() {
        Long oldest = askedMicros.peek();
        return late >= LATE_IN_A_ROW
                || (oldest != null && clock.micros() - oldest > LATE_IN_A_ROW * deadlineMicros);
    }

    /** Whether nothing is in flight that would tell. */
    synchronized boolean isSilent() {
        return askedMicros.isEmpty();
    }
}
