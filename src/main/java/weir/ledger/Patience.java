package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How long callers wait for an answer, and who still does. */
final class Patience {
    private final Vertx vertx;
    private final long deadlineMillis;
    private final List<Promise<Void>> whenIdle = new ArrayList<>();
    private int asking;

    Patience(Vertx vertx, long deadlineMillis) {
        this.vertx = vertx;
        this.deadlineMillis = deadlineMillis;
    }

    /**
     * The answer, or a failure once the deadline has passed; then {@code late} gets what comes
     * after all. Every failure is a {@link LedgerUnavailableException}.
     */
    <T> Future<T> inTime(Future<T> answer, Consumer<T> late) {
        Promise<T> promise = Promise.promise();
        long timer =
                vertx.setTimer(
                        deadlineMillis,
                        t ->
                                promise.tryFail(
                                        new LedgerUnavailableException(
                                                "no answer in " + deadlineMillis + " ms")));
        asking++;
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

    /** Completes when everything that was asked has been answered or has failed. */
    Future<Void> idle() {
        if (asking == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> idle = Promise.promise();
        whenIdle.add(idle);
        return idle.future();
    }

    private void answered() {
        asking--;
        if (asking == 0) {
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
