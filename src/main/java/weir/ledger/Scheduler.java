package weir.ledger;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** The time and the timers of one event loop, so that a simulation can stand in for both. */
public interface Scheduler {
    /** Runs this on the same event loop, once, after at least so many milliseconds; from 1. */
    void after(long millis, Runnable task);

    /** Microseconds that only ever go forward; their beginning means nothing. */
    long monotonicMicros();

    /** This machine's clock, in microseconds since the epoch; it may be wrong, and may jump. */
    long epochMicros();

    /** To be called on the event loop that it is for. */
    static Scheduler of(Vertx vertx) {
        return new Scheduler() {
            @Override
            public void after(long millis, Runnable task) {
                vertx.setTimer(millis, t -> task.run());
            }

            @Override
            public long monotonicMicros() {
                return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
            }

            @Override
            public long epochMicros() {
                return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
            }
        };
    }
}
