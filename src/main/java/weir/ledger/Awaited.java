package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What was asked of Redis and is not answered: each answer comes in time or has failed. */
final class Awaited {
    /**
     * A deadline that is noticed later than this was not missed by Redis: this process, or its
     * event loop, stood still meanwhile, and the answer may lie unread in the socket.
     */
    private static final long STOOD_STILL_MICROS = 5_000;

    private final Vertx vertx;
    private final long deadlineMillis;
    private final LongSupplier clockMicros;
    private final List<Promise<Void>> whenIdle = new ArrayList<>();
    private int awaited;

    /**
     * @param clockMicros any clock; one that jumps may have an answer waited for a millisecond more
     */
    Awaited(Vertx vertx, long deadlineMillis, LongSupplier clockMicros) {
        this.vertx = vertx;
        this.clockMicros = clockMicros;
        this.deadlineMillis = deadlineMillis;
    }

    /**
     * The answer, or a {@link LedgerUnavailableException} once the deadline has passed, and the
     * event loop has had the time to look for an answer; then {@code late} gets what comes after
     * all.
     */
    <T> Future<T> inTime(Future<T> answer, Consumer<T> late) {
        Promise<T> promise = Promise.promise();
        long dueMicros = clockMicros.getAsLong() + TimeUnit.MILLISECONDS.toMicros(deadlineMillis);
        long timer =
                vertx.setTimer(
                        deadlineMillis,
                        t -> {
                            if (clockMicros.getAsLong() - dueMicros < STOOD_STILL_MICROS) {
                                tooLate(promise);
                            } else {
                                vertx.setTimer(1, read -> tooLate(promise));
                            }
                        });
        awaited++;
        answer.onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.failed()) {
                promise.tryFail(unavailable(result.cause()));
            } else if (!promise.tryComplete(result.result())) {
                late.accept(result.result());
            }
            answered();
        });
        return promise.future();
    }

    private void tooLate(Promise<?> promise) {
        promise.tryFail(new LedgerUnavailableException("no answer in " + deadlineMillis + " ms"));
    }

    /** Completes when nothing is awaited, late answers included. */
    Future<Void> idle() {
        if (awaited == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> idle = Promise.promise();
        whenIdle.add(idle);
        return idle.future();
    }

    private void answered() {
        awaited--;
        if (awaited == 0) {
            List<Promise<Void>> waiting = List.copyOf(whenIdle);
            whenIdle.clear();
            waiting.forEach(Promise::complete);
        }
    }

    private static LedgerUnavailableException unavailable(Throwable cause) {
        return cause instanceof LedgerUnavailableException e
                ? e
                : new LedgerUnavailableException(
                        "Redis did not answer: " + cause.getMessage(), cause);
    }
}
