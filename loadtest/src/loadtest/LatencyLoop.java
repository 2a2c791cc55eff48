package loadtest;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls one target at a fixed rate, whether earlier calls have been answered or not, and takes a
 * call's time from the moment when it was due: a target that stalls is not asked less often, and
 * the calls that had to wait count what they waited.
 */
final class LatencyLoop {
    /** Far more than are in flight at once at a rate that anybody asks for. */
    private static final int CONNECTIONS = 32;

    private final LatencyTarget target;
    private final BlockingQueue<Integer> due = new ArrayBlockingQueue<>(100_000);
    private final AtomicInteger failed = new AtomicInteger();

    LatencyLoop(LatencyTarget target) {
        this.target = target;
    }

    /**
     * What came of a run.
     *
     * @param nanos of each call that was answered, ascending
     */
    @SuppressWarnings("ArrayRecordComponent") // thousands of numbers, made once and read once
    record Result(long[] nanos, int failed) {
        double micros(int percentile) {
            int last = nanos.length - 1;
            return nanos.length == 0 ? Double.NaN : nanos[last * percentile / 100] / 1_000.0;
        }
    }

    /**
     * Runs for a while; blocks.
     *
     * @param perSecond how many calls are begun in each second
     */
    Result run(int perSecond, int seconds) throws InterruptedException {
        int calls = perSecond * seconds;
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long[] took = new long[calls];
        CountDownLatch ready = new CountDownLatch(CONNECTIONS);
        CountDownLatch done = new CountDownLatch(calls);
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        Thread[] workers = new Thread[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            workers[i] =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                Worker worker = new Worker();
                                ready.countDown();
                                worker.work(took, begin, periodNanos, done);
                            });
        }
        ready.await();
        for (int i = 0; i < calls; i++) {
            waitUntil(begin + i * periodNanos);
            due.add(i);
        }
        boolean all = done.await(20, TimeUnit.SECONDS);
        for (Thread worker : workers) {
            worker.interrupt();
        }
        long[] answered = Arrays.stream(took).filter(nanos -> nanos > 0).sorted().toArray();
        return new Result(answered, all ? failed.get() : calls - answered.length);
    }

    private static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Takes what is due, one call at a time. */
    private final class Worker {
        private LatencyTarget.@Nullable Line line;

        void work(long[] took, long begin, long periodNanos, CountDownLatch done) {
            try {
                while (true) {
                    int call = due.take();
                    try {
                        took[call] = call() - (begin + call * periodNanos);
                    } catch (IOException e) {
                        close();
                        failed.incrementAndGet();
                    }
                    done.countDown();
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        }

        /** One call; returns when it was answered, on the clock of {@link System#nanoTime}. */
        private long call() throws IOException {
            LatencyTarget.Line open = line == null ? target.connect() : line;
            line = open;
            open.call();
            return System.nanoTime();
        }

        private void close() {
            try {
                if (line != null) {
                    line.socket().close();
                }
            } catch (IOException alreadyGone) {
                failed.incrementAndGet();
            }
            line = null;
        }
    }
}
