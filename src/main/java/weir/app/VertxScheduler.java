package weir.app;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import weir.ledger.Scheduler;

/** This machine's clocks, and the timers of the event loop on which it is used. */
record VertxScheduler(Vertx vertx) implements Scheduler {
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
}
