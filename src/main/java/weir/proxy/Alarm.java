package weir.proxy;

import io.vertx.core.Vertx;

/** Rings later, on the same event loop. */
@FunctionalInterface
public interface Alarm {
    /**
     * Sets it.
     *
     * @param millis at least 1
     * @return switches it off; does nothing once it has rung
     */
    Runnable set(long millis, Runnable ring);

    /** Timers of the event loop that sets them. */
    static Alarm of(Vertx vertx) {
        return (millis, ring) -> {
            long timer = vertx.setTimer(millis, rung -> ring.run());
            return () -> vertx.cancelTimer(timer);
        };
    }

    /**
     * One that is set.
     *
     * @param atNanos when it rings, on the lane's monotonic clock
     */
    record Set(long atNanos, Runnable off) {}
}
