package weir.proxy;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.observe.Outcome;
import weir.provider.Job;

/** What brings the provider's part of a call to the caller: an answer, or a session's socket. */
sealed interface Passage permits Tee, Session {
    /** What came of it. */
    interface Events extends Guard {
        /** Bytes came, or the caller made room. */
        void moving();

        /**
         * The caller reads more slowly than the provider writes: waiting is not the provider's
         * fault.
         */
        void stalledByCaller();

        void complete(Outcome outcome);

        /** Money ended it before its end. */
        void truncated();

        void broken(Throwable cause);
    }

    /** Whether it goes on, unheard, once the caller has left, so that its usage is told. */
    boolean outlivesCaller();

    /** The caller has left, and it goes on. */
    void callerGone();

    /** Whether all has been handed to the caller's connection: that it closes now is no loss. */
    boolean isOver();

    /** Stop without an event. */
    void abandon();

    /** Cuts the caller off. */
    default void cutOff(HttpServerRequest request) {
        abandon();
    }

    /** The call is over: nothing more is reserved for it. */
    default void end() {
        abandon();
    }

    /** What the call costs in all, by what has been seen of it so far. */
    Charge charge();

    /** What is to be settled of it with the reservation that admitted the call. */
    Amounts unsettled();

    /** Work that goes on after it; null where there is none. */
    default @Nullable Job job() {
        return null;
    }
}
