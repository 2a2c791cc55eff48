package weir.proxy;

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

    /**
     * One that is set.
     *
     * @param atNanos when it rings, on the lane's monotonic clock
     */
    record Set(long atNanos, Runnable off) {}
}
