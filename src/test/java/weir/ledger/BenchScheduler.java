package weir.ledger;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Real timers; a clock that tests set forward, and that runs in between. */
record BenchScheduler(Vertx vertx, AtomicLong micros, LongSupplier epoch) implements Scheduler {
    @Override
    public void after(long millis, Runnable task) {
        vertx.setTimer(millis, t -> task.run());
    }

    @Override
    public long monotonicMicros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime()) + micros.get();
    }

    @Override
    public long epochMicros() {
        return epoch.getAsLong();
    }
}
