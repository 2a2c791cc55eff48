package weir.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.key.Proof;
import weir.observe.UpstreamTrouble;
import weir.provider.Fault;

/**
 * One call's way through the credentials of its provider, in weir.yaml's order.
 *
 * <p>An answer that finds fault with the credential, too many requests, no money, or nobody that
 * the provider knows, makes that credential rest, for all sidecars, and the call goes on with the
 * next one: before anything has gone to the caller, and only after such an answer, which the
 * provider does not bill. Whatever else goes wrong may have been accepted and paid, and is never
 * sent twice. A credential that rests is passed over as long as another one does not; where all
 * rest, the one that is ready first is asked, and what the provider says then is the caller's
 * answer.
 *
 * <p>A credential whose login fails, or takes too long, has nothing to show. The call goes on with
 * the next one, also with one that rests; the failed one does not, since the login may have failed
 * on this machine alone, and costs the next call no time.
 */
final class Attempts implements Exchange.Events {
    interface Events extends Guard {
        /** The request is on its way: from here on the provider may be working for money. */
        void sent();

        /** The body need not be held any more. */
        void handedOver();

        /** A piece of a body that passes through went on, or the provider made room for more. */
        void sending();

        /** The answer is here; its body waits until somebody handles it. */
        void answered(Reply reply);

        /** No connection, or it closed before an answer. */
        void unreachable(Throwable cause);
    }

    /** Errors are small; what is behind this is not looked at. */
    private static final int MAX_ERROR_BYTES = 64 << 10;

    /** Statuses by which some vendor finds fault with a credential; see {@link Fault}. */
    private static final Set<Integer> STATUSES = Set.of(400, 401, 402, 403, 429, 503);

    private final Lane lane;
    private final Upstream upstream;
    private final Events events;
    private final List<Credential> untried;
    private @Nullable Exchange exchange;
    private Exchange.@Nullable Order order;
    private @Nullable Credential current;
    private boolean refused;
    private boolean cancelled;

    Attempts(Lane lane, Upstream upstream, Events events) {
        this.lane = lane;
        this.upstream = upstream;
        this.events = events;
        this.untried = new ArrayList<>(upstream.credentials());
    }

    /**
     * @param owner the one to begin with, whether it rests or not; null where any will do
     */
    void begin(Exchange.Order what, @Nullable Credential owner) {
        order = what;
        attempt(what, owner == null ? readiest() : owner);
    }

    private void attempt(Exchange.Order what, @Nullable Credential credential) {
        untried.remove(credential);
        current = credential;
        exchange = new Exchange(upstream, this);
        exchange.begin(what, credential, !untried.isEmpty());
    }

    /** The first that does not rest, else the first that will be ready; null where none is left. */
    private @Nullable Credential readiest() {
        Credential best = null;
        long bestMillis = Long.MAX_VALUE;
        for (Credential credential : untried) {
            long millis = restMillis(credential);
            if (millis < bestMillis) {
                best = credential;
                bestMillis = millis;
            }
        }
        return best;
    }

    /** For how long it rests from now on; 0 where it does not. */
    private long restMillis(Credential credential) {
        return lane.cooldowns().leftMillis(cooldown(upstream, credential));
    }

    /** The name under which all sidecars let a credential rest. */
    static String cooldown(Upstream upstream, Credential credential) {
        return upstream.name() + "/" + credential.name();
    }

    /** With which the last attempt was made; null where none is needed. */
    @Nullable Credential current() {
        return current;
    }

    /** Whether the provider has refused all that was sent so far, which costs nothing. */
    boolean refused() {
        return refused;
    }

    @Override
    public void sent() {
        refused = false;
        events.sent();
    }

    /** What may have to be sent again is kept until there is an answer. */
    @Override
    public void handedOver() {
        if (untried.isEmpty()) {
            events.handedOver();
        }
    }

    @Override
    public void sending() {
        events.sending();
    }

    @Override
    public void answered(HttpClientResponse response) {
        boolean looksLikeIt = current != null && STATUSES.contains(response.statusCode());
        if (looksLikeIt) {
            readError(response);
        } else {
            pass(Reply.untouched(response));
        }
    }

    private void pass(Reply reply) {
        events.handedOver();
        events.answered(reply);
    }

    private void readError(HttpClientResponse response) {
        Buffer seen = Buffer.buffer();
        refused = true;
        response.exceptionHandler(cause ->
                events.guarded(() -> {
                    if (!cancelled) {
                        events.unreachable(cause);
                    }
                }));
        response.endHandler(end -> events.guarded(() -> judge(response, seen, true)));
        response.handler(chunk ->
                events.guarded(() -> {
                    seen.appendBuffer(chunk);
                    if (seen.length() > MAX_ERROR_BYTES) {
                        response.pause();
                        response.handler(null);
                        judge(response, seen, false);
                    }
                }));
    }

    private void judge(HttpClientResponse response, Buffer seen, boolean ended) {
        if (cancelled) {
            return;
        }
        Fault fault =
                Fault.of(
                        upstream.provider().name(),
                        response.statusCode(),
                        response.headers(),
                        seen.toString());
        if (fault != Fault.NONE) {
            rest(fault, response);
            Credential other = readiest();
            boolean ready = other != null && restMillis(other) == 0;
            Exchange.Order again = order;
            if (ended && ready && again != null && again.body() != null) {
                attempt(again, other);
                return;
            }
        }
        pass(Reply.begun(response, seen, ended));
    }

    private void rest(Fault fault, HttpClientResponse response) {
        Credential tired = current;
        if (tired != null) {
            lane.metrics().upstream(trouble(fault), upstream.name(), tired.name());
            lane.cooldowns()
                    .cool(cooldown(upstream, tired), Rest.millis(fault, response.headers()));
            Proof shown = exchange == null ? null : exchange.shown();
            if (fault == Fault.NOT_ACCEPTED && shown != null) {
                tired.source().notAccepted(shown);
            }
        }
    }

    private static UpstreamTrouble trouble(Fault fault) {
        return switch (fault) {
            case RATE_LIMITED -> UpstreamTrouble.RATE_LIMITED;
            case OUT_OF_MONEY -> UpstreamTrouble.OUT_OF_MONEY;
            case NOT_ACCEPTED -> UpstreamTrouble.NOT_ACCEPTED;
            case NONE -> throw new IllegalArgumentException("no fault, no trouble");
        };
    }

    @Override
    public void withoutProof(Throwable cause) {
        Credential failed = current;
        Exchange.Order again = order;
        if (failed != null) {
            lane.metrics().upstream(UpstreamTrouble.LOGIN_FAILED, upstream.name(), failed.name());
        }
        Credential other = readiest();
        if (other != null && again != null) {
            attempt(again, other);
        } else {
            events.unreachable(cause);
        }
    }

    @Override
    public void unreachable(Throwable cause) {
        events.unreachable(cause);
    }

    @Override
    public void guarded(Runnable step) {
        events.guarded(step);
    }

    /** Ends the provider's work at once, whatever stage it is in; no further event comes. */
    void cancel() {
        cancelled = true;
        if (exchange != null) {
            exchange.cancel();
        }
    }
}
