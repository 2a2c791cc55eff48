package weir.proxy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Ends what takes too long. One tick for all requests of an event loop instead of timers for each:
 * a timeout is seen up to one tick late, which no timeout of ours minds, and a request costs two
 * set operations.
 */
public final class Deadlines {
    /** How late a timeout may be seen, in milliseconds. */
    static final long TICK_MILLIS = 50;

    interface Watched {
        /** On the lane's monotonic clock; {@link Long#MAX_VALUE} for no deadline. */
        long deadlineNanos();

        /** The deadline has passed. */
        void expire();

        boolean cameOn(HttpConnection connection);

        /** The connection that it came on is closed. */
        void callerLeft();
    }

    private final Vertx vertx;
    private final LongSupplier nanoClock;
    private final Set<Watched> watched = new LinkedHashSet<>();

    public Deadlines(Vertx vertx, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.nanoClock = nanoClock;
        vertx.setPeriodic(TICK_MILLIS, timer -> expire(nanoClock.getAsLong()));
    }

    void watch(Watched request) {
        watched.add(request);
    }

    void forget(Watched request) {
        watched.remove(request);
    }

    /** Completes when nothing is watched any more; after the grace, everything left expires. */
    void whenEmpty(long graceMillis, Promise<Void> done) {
        long graceEndsNanos = nanoClock.getAsLong() + graceMillis * 1_000_000;
        vertx.setPeriodic(
                1,
                TICK_MILLIS,
                timer -> {
                    if (nanoClock.getAsLong() - graceEndsNanos >= 0) {
                        expire(Long.MAX_VALUE);
                    }
                    if (watched.isEmpty()) {
                        vertx.cancelTimer(timer);
                        done.tryComplete();
                    }
                });
    }

    /** Ends what came on this connection, which is closed. */
    void closed(HttpConnection connection) {
        for (Watched request : List.copyOf(watched)) {
            if (request.cameOn(connection)) {
                request.callerLeft();
            }
        }
    }

    private void expire(long nowNanos) {
        for (Watched request : List.copyOf(watched)) {
            if (request.deadlineNanos() <= nowNanos) {
                request.expire();
            }
        }
    }
}
