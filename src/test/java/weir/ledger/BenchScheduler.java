package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;

/** Real timers; a clock that tests set forward, and that runs in between. */
record BenchScheduler(Scheduler real, AtomicLong micros) implements Scheduler {
    @Override
    public void after(long millis, Runnable task) {
        real.after(millis, task);
    }

    @Override
    public long monotonicMicros() {
        return real.monotonicMicros() + micros.get();
    }

    @Override
    public long epochMicros() {
        return micros.get();
    }
}
