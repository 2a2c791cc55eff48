package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What was asked of Redis and is not answered: each answer comes in time or has failed. */
final class Awaited {
    /**
     * A deadline that is noticed later than this was not missed by Redis: this process, or its
     * event loop, stood still meanwhile, and the answer may lie unread in the socket.
     */
    private static final long STOOD_STILL_NANOS = 5_000_000;

    private final Vertx vertx;
    private final long deadlineMillis;
    private final List<Promise<Void>> whenIdle = new ArrayList<>();
    private int awaited;

    Awaited(Vertx vertx, long deadlineMillis) {
        this.vertx = vertx;
        this.deadlineMillis = deadlineMillis;
    }

    /**
     * The answer, or a {@link LedgerUnavailableException} once the deadline has passed, and the
     * event loop has had the time to look for an answer; then {@code late} gets what comes after
     * all.
     */
    <T> Future<T> inTime(Future<T> answer, Consumer<T> late) {
        Promise<T> promise = Promise.promise();
        long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
        long timer =
                vertx.setTimer(
                        deadlineMillis,
                        t -> {
                            if (System.nanoTime() - dueNanos < STOOD_STILL_NANOS) {
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
