package weir.proxy;

import io.vertx.core.AsyncResult;
import java.util.List;
import weir.ledger.Decision;
import weir.ledger.Decision.Granted;
import weir.ledger.Reservation;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * A stream's money, reserved slice by slice ahead of what is used.
 *
 * <p>When half of what is held has passed, more is asked for in the background: as much again where
 * budgets are ample, a small step where they are nearly empty, never more than the worst case.
 * While a budget says that others hold the rest, it is asked again as long as the slice lasts; so
 * is a ledger that does not answer. A budget that is exhausted is not asked again, but what is held
 * is used up. Where it is, and no more was granted, the stream has to end; where the ledger has not
 * answered yet, no more is read for a moment. {@link Plan#GUARD_TOKENS} of each choice are kept for
 * what the provider makes before it notices.
 *
 * <p>So what is charged is not more than what was reserved, as long as what comes at once, before
 * anybody can look at it, is below the guard. What comes beyond is charged all the same, as a debt,
 * by the provider's word or by bytes; of bytes there are some four to a token, so that the
 * provider's bill is within what was reserved for bursts of three quarters of a slice.
 */
final class Slices {
    /** Holds are settled all the time; asking sooner would seldom find more. */
    static final long ASK_AGAIN_MILLIS = 250;

    /** So long a stream that has nearly used what it holds waits for the ledger's answer. */
    static final long PAUSE_MILLIS = 250;

    interface Events extends Guard {
        /** A ledger has said how the budgets stand. */
        void told(List<Standing> standings);

        /** So many nano-dollars are held from now on. */
        void granted(long nanoUsd);

        /** The ledger did not answer; it is asked again. */
        void failed(Throwable cause);

        /** What is held is nearly used, and the ledger has not answered: let no more come. */
        void pause();

        /** It has answered. */
        void resume();

        /**
         * The stream has used what is held, and is granted no more.
         *
         * @param limit the one that refused; empty where the ledger did not answer
         */
        void usedUp(String limit);
    }

    private enum State {
        IDLE,
        ASKING,
        /** To ask again soon. */
        WAITING,
        /** It is of no use to ask. */
        REFUSED,
        OVER
    }

    private final Hold hold;
    private final Tariff tariff;
    private final Alarm alarm;
    private final Events events;
    private State state = State.IDLE;
    private String limit = "";
    private Runnable alarmOff = () -> {};
    private boolean paused;
    private long cap;
    private long passed;

    /** Each time is a reservation of its own: one that seemed lost may have been granted. */
    private int asked;

    Slices(Hold hold, Tariff tariff, Alarm alarm, Events events) {
        this.hold = hold;
        this.tariff = tariff;
        this.alarm = alarm;
        this.events = events;
        this.cap = tariff.cap(hold.nanoUsd());
    }

    /**
     * So much output has been seen.
     *
     * @param outputTokens a bound, over all choices; never falls
     */
    void passed(long outputTokens) {
        passed = outputTokens;
        look();
    }

    /** The stream is over; a grant that comes now is given back. */
    void end() {
        state = State.OVER;
        alarmOff.run();
    }

    private void look() {
        if (state == State.IDLE && !isWhole() && passed >= cap * tariff.choices() / 2) {
            ask();
        }
        if (!isWhole() && passed >= (cap - Plan.GUARD_TOKENS) * tariff.choices()) {
            switch (state) {
                case ASKING -> pause();
                case WAITING, REFUSED -> usedUp();
                case IDLE, OVER -> {}
            }
        }
    }

    /** The provider goes on meanwhile: the guard lasts no longer than this. */
    private void pause() {
        if (!paused) {
            paused = true;
            events.pause();
            alarmOff = alarm.set(PAUSE_MILLIS, () -> events.guarded(this::usedUp));
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            alarmOff.run();
            events.resume();
        }
    }

    private void usedUp() {
        end();
        events.usedUp(limit);
    }

    private boolean isWhole() {
        return cap >= tariff.mostTokens();
    }

    private void ask() {
        state = State.ASKING;
        asked++;
        long most = tariff.mostTokens();
        long used = Math.ceilDiv(passed, (long) tariff.choices()) + Plan.GUARD_TOKENS;
        long needed = Math.max(cap, used);
        long least = Math.min(most, needed + Plan.LEAST_TOKENS);
        long amount = Math.clamp(2 * cap, least, most);
        long held = hold.nanoUsd();
        long leastNanoUsd = tariff.nanoUsd(least) - held;
        Granted first = hold.first();
        List<Claim> claims =
                first.standings().stream()
                        .map(Standing::claim)
                        .filter(Claim::isMoney)
                        .map(claim -> claim.withAmount(tariff.nanoUsd(amount) - held))
                        .toList();
        Reservation extension =
                new Reservation(
                        first.reservation().id() + "+" + asked,
                        claims,
                        first.reservation().ttlMillis(),
                        new Stretch(leastNanoUsd, leastNanoUsd),
                        first.atMillis());
        hold.ledger()
                .reserve(extension)
                .onComplete(answer -> events.guarded(() -> decided(answer)));
    }

    private void decided(AsyncResult<Decision> answer) {
        resume();
        if (answer.failed()) {
            events.failed(answer.cause());
            askAgain("");
            return;
        }
        switch (answer.result()) {
            case Granted more -> granted(more);
            case Decision.Refused no -> refused(Refusal.Limited.of(no.standings()));
        }
        if (answer.result().backed()) {
            events.told(answer.result().standings());
        }
    }

    private void granted(Granted more) {
        if (state == State.OVER) {
            hold.giveBack(more);
            return;
        }
        hold.add(more);
        events.granted(hold.nanoUsd());
        cap = tariff.cap(hold.nanoUsd());
        state = State.IDLE;
        look();
    }

    private void refused(Refusal.Limited refusal) {
        if (refusal.reason() == Reason.BUDGET_RESERVED) {
            askAgain(refusal.limit());
        } else if (state != State.OVER) {
            limit = refusal.limit();
            state = State.REFUSED;
            look();
        }
    }

    private void askAgain(String whoRefused) {
        if (state == State.OVER) {
            return;
        }
        limit = whoRefused;
        state = State.WAITING;
        alarmOff = alarm.set(ASK_AGAIN_MILLIS, () -> events.guarded(this::waited));
        look();
    }

    private void waited() {
        if (state == State.WAITING) {
            state = State.IDLE;
            look();
        }
    }
}
