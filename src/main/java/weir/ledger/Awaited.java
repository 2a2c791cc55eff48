package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What was asked of Redis and is not answered: each answer comes in time or has failed. */
final class Awaited {
    /** Of the deadline: for so long the event loop reads its sockets once more. */
    private static final long LAST_LOOK_MILLIS = 1;

    private final Vertx vertx;
    private final long deadlineMillis;
    private final List<Promise<Void>> whenIdle = new ArrayList<>();
    private int awaited;

    /**
     * @param deadlineMillis at least 1
     */
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
        // Two timers: where this process or its event loop stood still meanwhile, the answer may
        // lie unread in the socket at the first one, and has been read before the second.
        long timer =
                vertx.setTimer(
                        Math.max(1, deadlineMillis - LAST_LOOK_MILLIS),
                        t -> vertx.setTimer(LAST_LOOK_MILLIS, read -> tooLate(promise)));
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
