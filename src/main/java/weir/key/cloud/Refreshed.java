package weir.key.cloud;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.key.ProofSource;

/**
 * A proof that is renewed ahead of its end, by one caller for all.
 *
 * <h2>Who renews</h2>
 *
 * The first call that comes when the proof has grown old asks the issuer; while that is under way
 * everybody, the first too, goes on with the old one. Only where there is none that is valid do
 * calls wait, all for the same answer, each on its own event loop. There is no timer: a credential
 * that nobody uses is not renewed, and one that rested too long makes its next caller wait.
 *
 * <h2>When</h2>
 *
 * After three quarters of its life, four minutes before its end at the latest: Google's metadata
 * server has nothing new to give five minutes before. An issuer that answers with the same proof
 * again is asked again when three quarters of the rest are over, so never in a tight loop.
 *
 * <h2>When it fails</h2>
 *
 * The old proof serves as long as it is valid. The issuer is asked again after a second, then two,
 * then four, up to half a minute; calls that have no proof meanwhile fail at once with what the
 * issuer said last. Every failure is told to the operator once.
 *
 * <h2>When a provider does not accept it</h2>
 *
 * It may have been revoked ahead of its end, so it is given to nobody any more, and the next call
 * has a new one issued. But not one that is younger than half a minute: then it is not its age that
 * is wrong with it, and each call would go to the issuer first.
 *
 * <p>Thread-safe. Expiries are moments on the wall clock, so that is the clock here; where it goes
 * back, the proof is renewed.
 */
final class Refreshed implements ProofSource {
    /** A proof has to reach the provider before it ends there. */
    private static final long MARGIN_MILLIS = 5_000;

    private static final long AHEAD_MILLIS = 240_000;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    /** Younger ones are not issued again because a provider did not accept them. */
    private static final long YOUNG_MILLIS = 30_000;

    /** Less is no step: a thread that looked at the clock a moment ago still believes it. */
    private static final long CLOCK_STEP_MILLIS = 60_000;

    private final Issuer issuer;
    private final LongSupplier epochMillis;
    private final Consumer<String> failures;
    private volatile Stand stand = Stand.NOTHING;

    /**
     * Where things stand.
     *
     * @param proof completed, the last that was issued; null before the first
     * @param endMillis from when on it must not be used
     * @param sinceMillis when all this was decided
     * @param dueMillis from when on the issuer may be asked
     * @param pauseMillis how long to leave the issuer alone if it fails
     * @param underWay what the issuer will say; null where it is not being asked
     * @param failure what it said last, if that was no proof
     */
    private record Stand(
            @Nullable Future<Proof> proof,
            long endMillis,
            long sinceMillis,
            long dueMillis,
            long pauseMillis,
            @Nullable Future<Proof> underWay,
            @Nullable Future<Proof> failure) {
        static final Stand NOTHING = new Stand(null, 0, 0, 0, FIRST_PAUSE_MILLIS, null, null);

        boolean isDue(long now) {
            boolean clockWentBack = now < sinceMillis - CLOCK_STEP_MILLIS;
            return underWay == null && (now >= dueMillis || clockWentBack);
        }

        /** What a call can have at this moment: a valid proof, else what there is to wait for. */
        @Nullable Future<Proof> given(long now) {
            if (proof != null && now < endMillis) {
                return proof;
            }
            return underWay == null ? failure : underWay;
        }

        Stand asking(Future<Proof> answer) {
            return new Stand(
                    proof, endMillis, sinceMillis, dueMillis, pauseMillis, answer, failure);
        }

        boolean isOld(Proof shown, long now) {
            return proof != null
                    && shown.equals(proof.result())
                    && now - sinceMillis >= YOUNG_MILLIS;
        }

        /** Without the proof; a question that is under way is waited for. */
        Stand withoutProof(long now) {
            return new Stand(null, 0, now, now, pauseMillis, underWay, failure);
        }

        Stand failed(Throwable cause, long now) {
            return new Stand(
                    proof,
                    endMillis,
                    now,
                    now + pauseMillis,
                    Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS),
                    null,
                    Future.failedFuture(cause));
        }

        static Stand issued(Issued issued, long now) {
            long endMillis = end(issued);
            long ahead = Math.min(AHEAD_MILLIS, (endMillis - now) / 4);
            return new Stand(
                    Future.succeededFuture(issued.proof()),
                    endMillis,
                    now,
                    endMillis - ahead,
                    FIRST_PAUSE_MILLIS,
                    null,
                    null);
        }

        static long end(Issued issued) {
            return issued.expiresMillis() - MARGIN_MILLIS;
        }
    }

    /**
     * @param failures takes a line for the operator
     */
    Refreshed(Issuer issuer, LongSupplier epochMillis, Consumer<String> failures) {
        this.issuer = issuer;
        this.epochMillis = epochMillis;
        this.failures = failures;
    }

    @Override
    public Future<Proof> proof() {
        long now = epochMillis.getAsLong();
        Stand seen = stand;
        if (seen.isDue(now)) {
            renew(now);
            seen = stand;
        }
        Future<Proof> given = seen.given(now);
        if (given == null) {
            throw new IllegalStateException("neither a proof, nor asked, nor failed");
        }
        return given.isComplete() ? given : onOwnEventLoop(given);
    }

    @Override
    public synchronized void notAccepted(Proof proof) {
        long now = epochMillis.getAsLong();
        if (stand.isOld(proof, now)) {
            stand = stand.withoutProof(now);
        }
    }

    /** Asks the issuer, unless somebody else was quicker. */
    private void renew(long now) {
        Promise<Proof> answer = Promise.promise();
        synchronized (this) {
            if (!stand.isDue(now)) {
                return;
            }
            stand = stand.asking(answer.future());
        }
        Future.succeededFuture()
                .compose(begun -> issuer.issue())
                .onComplete(issued -> answered(issued, answer));
    }

    private void answered(AsyncResult<Issued> answer, Promise<Proof> waiting) {
        long now = epochMillis.getAsLong();
        Throwable cause = failure(answer, now);
        synchronized (this) {
            stand = cause == null ? Stand.issued(answer.result(), now) : stand.failed(cause, now);
        }
        if (cause == null) {
            waiting.complete(answer.result().proof());
        } else {
            failures.accept(String.valueOf(cause.getMessage()));
            waiting.fail(cause);
        }
    }

    private static @Nullable Throwable failure(AsyncResult<Issued> answer, long now) {
        if (answer.succeeded()) {
            return Stand.end(answer.result()) > now
                    ? null
                    : new ProofException(
                            "what was issued has already expired; is the clock right?");
        }
        // Nothing is known of other messages, so they may hold anything.
        return answer.cause() instanceof ProofException expected
                ? expected
                : new ProofException("a failure of " + answer.cause().getClass().getName());
    }

    /** Whoever asked the issuer completes the future, maybe on another loop than the caller's. */
    private static Future<Proof> onOwnEventLoop(Future<Proof> shared) {
        Context own = Vertx.currentContext();
        if (own == null) {
            return shared;
        }
        Promise<Proof> here = Promise.promise();
        shared.onComplete(answer -> own.runOnContext(back -> here.handle(answer)));
        return here.future();
    }
}
