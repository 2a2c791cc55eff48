package bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollEventLoopGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls one target, from one thread. At a rate, a call is begun when it is due, whether earlier
 * ones have been answered or not, and its time is taken from that moment: a target that stalls is
 * not asked less often, and the calls that had to wait count what they waited.
 *
 * <p>The known tools measure no gaps between events (wrk2, oha, k6, Gatling), or take more of two
 * cores than what they measure (Hyperfoil, Gatling, k6): this is Netty's HTTP decoder and
 * HdrHistogram, and little else.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends its connection
final class Load implements AutoCloseable {
    /** A target that is this far behind has failed; more connections would only hurt the others. */
    private static final int MOST_LINES = 2_000;

    private static final long PATIENCE_SECONDS = 20;

    private final EpollEventLoopGroup group = new EpollEventLoopGroup(1);
    private final EventLoop loop = group.next();

    /** Calls at a constant rate for a while; blocks until all have been answered. */
    Outcome open(Target target, Shape shape, int perSecond, int seconds)
            throws InterruptedException {
        return open(target.port(), shape.request(target), perSecond, seconds);
    }

    Outcome open(int port, byte[] request, int perSecond, int seconds) throws InterruptedException {
        Run run = new Run(port, request);
        run.left = perSecond * seconds;
        run.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        loop.execute(() -> run.due(begin));
        return run.await(seconds);
    }

    /** Lets some callers call without a pause for a while; blocks until all have been answered. */
    Outcome closed(Target target, Shape shape, int callers, int seconds)
            throws InterruptedException {
        return closed(target.port(), shape.request(target), callers, seconds, shape.mark().nanos());
    }

    Outcome closed(int port, byte[] request, int callers, int seconds) throws InterruptedException {
        return closed(port, request, callers, seconds, 0);
    }

    /**
     * @param spreadNanos over which the callers begin
     */
    private Outcome closed(int port, byte[] request, int callers, int seconds, long spreadNanos)
            throws InterruptedException {
        Run run = new Run(port, request);
        run.until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < callers; i++) {
            // Streams that begin together would send all their events together, to the end.
            long delayNanos = spreadNanos * i / callers;
            loop.schedule(run::again, delayNanos, TimeUnit.NANOSECONDS);
        }
        return run.await(seconds);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What both ways share; lives on the loop. */
    private final class Run {
        private final int port;
        private final ByteBuf request;
        private final Outcome outcome = new Outcome();
        private final Deque<Line> idle = new ArrayDeque<>();
        private final List<Line> lines = new ArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private int inFlight;

        // At a rate.
        private int left;
        private long periodNanos;

        // Without a pause.
        private long until;

        Run(int port, byte[] request) {
            this.port = port;
            this.request = Line.shared(request);
        }

        Outcome await(int seconds) throws InterruptedException {
            if (!over.await(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                loop.submit(() -> giveUp()).sync();
            }
            loop.submit(() -> lines.forEach(Line::close)).sync();
            return outcome;
        }

        private void giveUp() {
            left = 0;
            until = 0;
            for (int i = 0; i < inFlight; i++) {
                outcome.failed("no answer within " + PATIENCE_SECONDS + " s");
            }
        }

        /** Begins every call that is due by now. */
        private void due(long at) {
            long next = at;
            while (left > 0 && next - System.nanoTime() <= 0) {
                left--;
                begin(next);
                next += periodNanos;
            }
            if (left > 0) {
                long then = next;
                loop.schedule(() -> due(then), next - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }

        private void again() {
            begin(System.nanoTime());
        }

        private void begin(long dueNanos) {
            Line line = idle.poll();
            if (line == null) {
                if (lines.size() == MOST_LINES) {
                    outcome.failed("more than " + MOST_LINES + " calls at once");
                    return;
                }
                line = new Line(this::ended);
                lines.add(line);
            }
            inFlight++;
            line.call(loop, port, request, dueNanos, outcome);
        }

        private void ended(Line line) {
            inFlight--;
            idle.push(line);
            if (until - System.nanoTime() > 0) {
                // Not from within the read that ended the last call: that would nest.
                loop.execute(this::again);
            } else if (inFlight == 0 && left == 0) {
                over.countDown();
            }
        }
    }
}
