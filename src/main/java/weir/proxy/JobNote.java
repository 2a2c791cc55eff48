package weir.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import weir.ledger.Entrusted;
import weir.ledger.JobBook;

/**
 * What other sidecars know of one piece of work. One of them settles it, this one or another: who
 * strikes out the note. On one event loop.
 */
final class JobNote {
    private enum State {
        /** Nobody else knows of it. */
        UNKNOWN,
        /** An answer is missing. */
        UNCERTAIN,
        KEPT,
        /**
         * Another sidecar has noted the same work from the start: each settles what it reserved.
         */
        TWICE
    }

    private final @Nullable JobBook book;
    private final Work work;
    private final Stake stake;
    private final Context context;
    private volatile State state;
    private Future<Boolean> keeping = Future.succeededFuture(true);

    JobNote(@Nullable JobBook book, Work work, Stake stake, Context context) {
        this.book = book;
        this.work = work;
        this.stake = stake;
        this.context = context;
        this.state = stake.isEntrusted() ? State.KEPT : State.UNKNOWN;
    }

    /** May be asked on any thread. */
    boolean isKept() {
        return state == State.KEPT;
    }

    /** Whether other sidecars may know of it. */
    boolean isShared() {
        return state == State.KEPT || state == State.UNCERTAIN;
    }

    /**
     * Lets other sidecars know.
     *
     * @return false where one of them has taken the work; fails where they cannot know, or where it
     *     is not known whether they do
     */
    Future<Boolean> keep() {
        if (state != State.KEPT && keeping.isComplete()) {
            keeping = stake.entrust().compose(this::write).map(this::written);
        }
        return keeping;
    }

    private Future<Boolean> write(Entrusted money) {
        if (book == null || state == State.TWICE || stake.isOver()) {
            return Future.failedFuture(new CancellationException("nobody is to know"));
        }
        boolean first = state == State.UNKNOWN;
        state = State.UNCERTAIN;
        return here(book.keep(work.name(), new WorkNote(work, money).toJson()))
                .onFailure(e -> state = first && isUnasked(e) ? State.UNKNOWN : state)
                .compose(own -> own || !first ? Future.succeededFuture(own) : twice());
    }

    private static boolean isUnasked(Throwable failure) {
        return failure instanceof JobBook.NotAskedException;
    }

    private Future<Boolean> twice() {
        state = State.TWICE;
        return Future.failedFuture(new CancellationException("another sidecar has the same"));
    }

    private boolean written(boolean own) {
        if (own) {
            state = State.KEPT;
        }
        return own;
    }

    /** Redis has lost what it was told. */
    void forgotten() {
        if (state == State.KEPT) {
            state = State.UNCERTAIN;
            stake.forgotten();
        }
    }

    /**
     * The work is over.
     *
     * @return whether this sidecar is to settle it; fails where that is not known
     */
    Future<Boolean> strikeOut() {
        return keeping.transform(known ->
                book == null || !isShared()
                        ? Future.succeededFuture(true)
                        : here(book.end(work.name())));
    }

    /** Others may take it at once. */
    Future<Void> leave() {
        return book == null ? Future.succeededFuture() : here(book.leave(work.name())).mapEmpty();
    }

    private <T> Future<T> here(Future<T> elsewhere) {
        Promise<T> promise = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(v -> promise.handle(result)));
        return promise.future();
    }
}
