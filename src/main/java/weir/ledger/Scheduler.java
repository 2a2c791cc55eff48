package weir.ledger;

/** The time and the timers of one event loop, so that a simulation can stand in for both. */
public interface Scheduler {
    /** Runs this on the same event loop, once, after at least so many milliseconds; from 1. */
    void after(long millis, Runnable task);

    /**
     * Runs this when somebody has waited for so many milliseconds, from 2, and the event loop has
     * looked for an answer once more: where it stood still, one may lie unread.
     */
    default void afterWaiting(long millis, Runnable task) {
        after(Math.max(1, millis - 1), () -> after(1, task));
    }

    /** Microseconds that only ever go forward; their beginning means nothing. */
    long monotonicMicros();

    /** This machine's clock, in microseconds since the epoch; it may be wrong, and may jump. */
    long epochMicros();
}
