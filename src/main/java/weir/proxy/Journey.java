package weir.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import weir.key.KeyRing.Identity;
import weir.ledger.Decision;
import weir.ledger.Reservation;
import weir.observe.Outcome;
import weir.provider.Dialect;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.Opening;
import weir.usage.Usage;

/**
 * One call through Weir: identify, route, peek, quote, reserve, forward, tee, settle, record.
 *
 * <p>What happens if somebody goes away, by stage. "Estimated" is an upper bound from what passed,
 * marked so in the log and the metrics.
 *
 * <pre>
 * stage     | the ledger fails    | the provider fails          | the caller leaves
 * ----------|---------------------|-----------------------------|-------------------------------
 * identify, |          -          | a file that the request     | nothing charged (a body that
 * route,    |                     | names cannot be read: 400,  | stops coming: 400 after the
 * peek,     |                     | 502, or 504 after           | receive timeout)
 * quote     |                     | "first-byte"                |
 * ----------|---------------------|-----------------------------|-------------------------------
 * reserve   | by the limits'      |              -              | a grant is given back when it
 *           | policies: 503 and   |                             | comes; out of the line where
 *           | nothing charged, or |                             | it waits for a limit
 *           | let through and     |                             |
 *           | charged later; a    |                             |
 *           | late grant is given |                             |
 *           | back                |                             |
 * ----------|---------------------|-----------------------------|-------------------------------
 * forward,  |          -          | 502, or 504 after "connect":| given back
 * not sent  |                     | given back                  |
 * ----------|---------------------|-----------------------------|-------------------------------
 * forward,  |          -          | 502, or 504 after           | upstream cancelled; a plain
 * sent      |                     | "first-byte": a plain call  | call charged its worst case,
 *           |                     | is charged its worst case,  | a stream its input, estimated
 *           |                     | a stream its input,         | (drain: read on, charged
 *           |                     | estimated                   | exactly)
 * ----------|---------------------|-----------------------------|-------------------------------
 * tee       |          -          | an error status passes:     | upstream cancelled, what
 *           |                     | counted, not billed. Broken | passed is charged, estimated
 *           |                     | or idle: connection closed, | (drain: read on, charged
 *           |                     | what passed is charged,     | exactly)
 *           |                     | estimated                   |
 * ----------|---------------------|-----------------------------|-------------------------------
 * tee, more | asked again every   | as above; every grant is    | upstream cancelled, what
 * money is  | 250 ms; the stream  | settled                     | passed is charged; a grant
 * asked for | ends with its slice,|                             | that comes late is given back
 *           | in the provider's   |                             | (drain: read on to the end,
 *           | own words           |                             | or to the money's)
 * ----------|---------------------|-----------------------------|-------------------------------
 * tee, more | the stream ends with its slice as if its output cap had been reached: upstream
 * is refused| cancelled, what passed is charged, estimated, and of what is held the guard
 * ----------|---------------------|-----------------------------|-------------------------------
 * settle    | kept, and sent again|              -              |               -
 *           | until acknowledged  |                             |
 * ----------|---------------------|-----------------------------|-------------------------------
 * this process dies: the reservation expires in the ledger and is charged in full
 * </pre>
 *
 * <p>A call that becomes a WebSocket goes the same way up to the provider's agreement; what then
 * stands in the place of the tee, and what happens if somebody goes away, is in {@link Session}.
 */
final class Journey implements Deadlines.Watched, Inbound.Events, Attempts.Events, Passage.Events {
    private static final long FOREVER = Long.MAX_VALUE;

    private enum Stage {
        RECEIVING,
        FETCHING,
        RESERVING,
        CONNECTING,
        WAITING,
        STREAMING,
        OVER
    }

    private final Lane lane;
    private final Gate gate;
    private final Rules rules;
    private final HttpServerRequest request;
    private final Upstream upstream;
    private final Notes notes;
    private final Attempts attempts;
    private final long lastNanos;
    private Stage stage = Stage.RECEIVING;
    private long stageEndsNanos = FOREVER;
    private Inbound.Read.@Nullable Looked looked;
    private @Nullable Inbound inbound;

    /** How the WebSocket begins that the caller asks for; NONE where it asks for none. */
    private Opening opening = Opening.NONE;

    private @Nullable Opened opened;
    private @Nullable Visitor visitor;
    private @Nullable Hold hold;
    private @Nullable Passage passage;
    private boolean draining;

    Journey(Lane lane, Gate gate, HttpServerRequest request) {
        this.lane = lane;
        this.gate = gate;
        this.rules = gate.rules();
        this.request = request;
        this.upstream = rules.upstreamOf(Paths.of(request));
        this.notes = new Notes(lane, upstream.name(), request);
        this.attempts = new Attempts(lane, upstream, this);
        this.lastNanos = notes.arrivedNanos() + upstream.timeouts().totalMillis() * 1_000_000;
    }

    void run() {
        begin();
        guarded(this::start);
    }

    private void start() {
        if (refused(identify()) || refused(route())) {
            return;
        }
        boolean metered = notes.endpoint.cost() == Endpoint.Cost.METERED;
        if (opening == Opening.BY_MESSAGE) {
            openAndPeek();
        } else if (metered || upstream.provider().signsBodies()) {
            receiveAndPeek();
        } else {
            quoteOrForward();
        }
    }

    private void begin() {
        lane.metrics().begun();
        lane.deadlines().watch(this);
        request.pause();
        request.exceptionHandler(gone -> callerLeft());
        request.response().exceptionHandler(gone -> callerLeft());
        request.response().closeHandler(closed -> callerLeft());
    }

    private @Nullable Refusal identify() {
        if (gate.draining()) {
            return new Refusal.Draining();
        }
        @Nullable String presented =
                upstream.provider().presentedKey(request.headers(), request.query());
        return switch (rules.keys().identify(presented, lane.now())) {
            case Identity.Known known -> {
                notes.caller = known.caller();
                yield null;
            }
            case Identity.Missing missing -> new Refusal.UnknownKey(false);
            case Identity.Unknown unknown -> new Refusal.UnknownKey(true);
        };
    }

    private @Nullable Refusal route() {
        String path = Paths.of(request);
        if (upstream.isNowhere()) {
            return new Refusal.NoRoute(path);
        }
        if (!notes.caller.mayCall(upstream.name())) {
            return Refusal.NotAllowed.provider(upstream.name());
        }
        String below = Paths.below(upstream.name(), path, null);
        if (Paths.isAmbiguous(path, upstream.provider().slashesAreInNames(below))) {
            return new Refusal.BadRequest(
                    "The path must not hold empty or dot segments, or backslashes.");
        }
        notes.endpoint = upstream.provider().endpoint(request.method(), below);
        opening = opening();
        return switch (notes.endpoint.cost()) {
            case ACCOUNT ->
                    upstream.accountCalls() ? null : Refusal.NotAllowed.account(upstream.name());
            case UNPRICED ->
                    notes.caller.mayUse(List.of()) ? null : Refusal.NotAllowed.hiddenModel();
            case METERED, FREE -> null;
        };
    }

    /** What has no price may be a session all the same, as far as its limits allow that. */
    private Opening opening() {
        if (!Upgrade.isAsked(request)) {
            return Opening.NONE;
        }
        return switch (notes.endpoint.cost()) {
            case METERED -> upstream.provider().opening(notes.endpoint);
            case UNPRICED -> Opening.BY_REQUEST;
            case FREE, ACCOUNT -> Opening.NONE;
        };
    }

    private void openAndPeek() {
        arriving();
        opened = new Opened(request, upstream, notes.endpoint, lane, this);
        request.resume();
        opened.begin(notes.requestId, this);
    }

    private void receiveAndPeek() {
        arriving();
        inbound = new Inbound(request, upstream, notes.endpoint, lane, this);
        inbound.begin();
        request.resume();
    }

    @Override
    public void arriving() {
        enter(Stage.RECEIVING, lane.bounds().receiveIdleMillis());
    }

    @Override
    public void fetching() {
        enter(Stage.FETCHING, upstream.timeouts().firstByteMillis());
    }

    @Override
    public void read(Inbound.Read read) {
        if (stage != Stage.OVER) {
            guarded(() -> understood(read));
        }
    }

    private void understood(Inbound.Read read) {
        switch (read) {
            case Inbound.Read.Failed failed -> refused(failed.refusal());
            case Inbound.Read.Looked body -> {
                looked = body;
                notes.peek = body.peek();
                quoteOrForward();
            }
        }
    }

    private void quoteOrForward() {
        switch (notes.endpoint.cost()) {
            case METERED, UNPRICED -> quoteAndReserve();
            case FREE, ACCOUNT -> {
                forward();
                lane.jobs().asked(upstream, below());
            }
        }
    }

    private void quoteAndReserve() {
        if (refused(quote())) {
            return;
        }
        if (notes.demand.claims().isEmpty()) {
            forward();
        } else {
            reserve();
        }
    }

    private @Nullable Refusal quote() {
        boolean metered = notes.endpoint.cost() == Endpoint.Cost.METERED;
        if (metered && !notes.caller.mayUse(notes.models())) {
            return Refusal.NotAllowed.models(notes.models());
        }
        notes.shelf = rules.shelf(upstream, lane.now());
        return switch (new Quotation(lane, rules, upstream, notes, request).result()) {
            case Quotation.Result.Denied denied -> denied.refusal();
            case Quotation.Result.Quoted quoted -> {
                notes.quoted(quoted.demand());
                yield null;
            }
        };
    }

    private void reserve() {
        enter(Stage.RESERVING, FOREVER);
        Reservation reservation =
                new Reservation(
                        notes.requestId,
                        notes.demand.claims(),
                        notes.ttlMillis(),
                        notes.demand.plan().stretch(),
                        Reservation.NOW);
        Visitor admitted = lane.room().admit(reservation, notes.caller);
        visitor = admitted;
        admitted.decision()
                .onComplete(answer -> guarded(() -> decided(answer, admitted.waitedNanos())));
    }

    private void decided(AsyncResult<Decision> answer, long waitedNanos) {
        notes.reserved(waitedNanos);
        if (answer.failed()) {
            notes.failed(answer.cause());
            refused(Refusal.LedgerUnavailable.of(answer.cause()));
            return;
        }
        switch (answer.result()) {
            case Decision.Granted granted -> {
                hold = new Hold(lane.ledger(), granted);
                if (stage == Stage.OVER) {
                    hold.settle(Charge.NOTHING.amounts());
                } else {
                    notes.demand = notes.demand.admitted(hold);
                    forward();
                }
            }
            case Decision.Refused no ->
                    refused(
                            gate.draining()
                                    ? new Refusal.Draining()
                                    : Refusal.Limited.of(no.standings()));
        }
        if (answer.result().backed()) {
            answer.result().standings().forEach(lane.metrics()::standing);
        }
    }

    private void forward() {
        enter(Stage.CONNECTING, upstream.timeouts().connectMillis());
        Outbound body = looked == null ? null : looked.outbound(notes.demand.clampedTo());
        boolean upgrade = opening != Opening.NONE;
        attempts.begin(
                new Exchange.Order(lane, request, notes.endpoint, body, upgrade),
                looked == null ? null : looked.owner());
    }

    @Override
    public void sent() {
        notes.sent();
        enter(Stage.WAITING, upstream.timeouts().firstByteMillis());
    }

    @Override
    public void handedOver() {
        release();
    }

    /** More of a body that passes through is on its way: the provider cannot answer yet. */
    @Override
    public void sending() {
        if (stage == Stage.WAITING) {
            enter(Stage.WAITING, upstream.timeouts().firstByteMillis());
        }
    }

    @Override
    public void unreachable(Throwable cause) {
        notes.failed(cause);
        refused(new Refusal.UpstreamUnavailable(upstream.name()));
    }

    @Override
    public void answered(Reply reply) {
        notes.answered();
        moving();
        if (opening != Opening.NONE && reply.head().statusCode() == Upgrade.AGREED) {
            Session begun = new Session(lane, notes, upstream, hold, this);
            passage = begun;
            guarded(() -> begun.begin(reply.head(), request, opened));
        } else if (opened != null) {
            notes.status = reply.head().statusCode();
            opened.close(Answers.lastWords(reply.head()));
            end(Outcome.UPSTREAM_ERROR, null);
            attempts.cancel();
        } else {
            Tee begun = new Tee(lane, notes, upstream, hold, this);
            passage = begun;
            guarded(() -> begun.begin(reply, request, draining));
        }
    }

    @Override
    public void moving() {
        enter(Stage.STREAMING, upstream.timeouts().idleMillis());
    }

    @Override
    public void stalledByCaller() {
        enter(Stage.STREAMING, FOREVER);
    }

    @Override
    public void complete(Outcome outcome) {
        end(outcome, null);
        if (!request.isEnded()) {
            // Answered before all of it was sent: nobody waits for the rest.
            attempts.cancel();
        }
        Goodbye.say(lane.vertx(), request);
    }

    @Override
    public void truncated() {
        end(Outcome.TRUNCATED, null);
        attempts.cancel();
        Goodbye.say(lane.vertx(), request);
    }

    @Override
    public void broken(Throwable cause) {
        notes.failed(cause);
        cutOff();
        end(Outcome.BROKEN, null);
        attempts.cancel();
    }

    /** The caller hung up: what is under way ends, or is read to its end for the exact usage. */
    @Override
    public void callerLeft() {
        boolean closed = opened != null && opened.isClosed();
        if (stage == Stage.OVER || draining || closed || (passage != null && passage.isOver())) {
            return;
        }
        boolean working = stage == Stage.WAITING || stage == Stage.STREAMING;
        boolean drains =
                passage == null
                        ? upstream.drainOnDisconnect() && opening == Opening.NONE
                        : passage.outlivesCaller();
        if (working && drains && request.isEnded()) {
            draining = true;
            if (passage != null) {
                passage.callerGone();
            }
        } else {
            cancel();
            end(Outcome.CALLER_GONE, null);
        }
    }

    @Override
    public boolean cameOn(HttpConnection connection) {
        return request.connection().equals(connection);
    }

    @Override
    public long deadlineNanos() {
        return Math.min(stageEndsNanos, lastNanos);
    }

    @Override
    public void expire() {
        guarded(this::expired);
    }

    private void expired() {
        cancel();
        boolean total = lastNanos < stageEndsNanos;
        switch (stage) {
            case RECEIVING -> {
                if (opened == null) {
                    Goodbye.announce(request);
                }
                refused(new Refusal.BadRequest("The request body did not arrive in time."));
            }
            case RESERVING -> {
                if (visitor == null || !visitor.giveUp()) {
                    refused(new Refusal.LedgerUnavailable(null));
                }
            }
            case CONNECTING -> refused(timedOut("connect"));
            case FETCHING, WAITING -> refused(timedOut(total ? "total" : "first-byte"));
            case STREAMING ->
                    broken(
                            new TimeoutException(
                                    total
                                            ? "not over within the timeout \"total\""
                                            : "nothing came within the timeout \"idle\""));
            case OVER -> lane.deadlines().forget(this);
        }
    }

    private Refusal timedOut(String what) {
        return new Refusal.UpstreamTimeout(upstream.name(), what);
    }

    /** The answer first: cancelling the exchange would break it. */
    private void cancel() {
        if (passage != null) {
            passage.abandon();
        }
        attempts.cancel();
    }

    private void cutOff() {
        if (passage != null) {
            passage.cutOff(request);
        } else if (opened != null) {
            opened.close(Buffer.buffer());
        } else {
            request.response().reset();
        }
    }

    /** A bug must not leave a call behind that nobody ends: its caller is cut off. */
    @Override
    public void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            lane.log().bug(bug);
            cancel();
            cutOff();
            end(Outcome.FAILED, null);
        }
    }

    private void enter(Stage next, long maxMillis) {
        if (stage == Stage.OVER) {
            return;
        }
        stage = next;
        stageEndsNanos = maxMillis == FOREVER ? FOREVER : lane.nanos() + maxMillis * 1_000_000;
    }

    /** Answers with a refusal, if there is one and somebody to hear it. */
    private boolean refused(@Nullable Refusal refusal) {
        if (refusal == null) {
            return false;
        }
        if (draining) {
            end(Outcome.CALLER_GONE, null);
        } else if (stage != Stage.OVER) {
            Dialect dialect = upstream.dialect(Paths.of(request));
            if (opened == null) {
                Answers.send(request, refusal, dialect, notes, lane.now());
            } else {
                opened.close(Answers.lastWords(refusal, dialect, notes.requestId));
            }
            end(Outcome.REFUSED, refusal);
            Goodbye.say(lane.vertx(), request);
        }
        return true;
    }

    /** Steps 8 and 9, whichever way the journey ended; it ends once. */
    private void end(Outcome outcome, @Nullable Refusal refusal) {
        if (stage == Stage.OVER) {
            return;
        }
        stage = Stage.OVER;
        lane.deadlines().forget(this);
        release();
        if (opened != null) {
            opened.release();
        }
        notes.charge = charge();
        learn();
        if (passage != null) {
            passage.end();
        }
        if (visitor != null) {
            visitor.leave();
        }
        Job job = passage == null ? null : passage.job();
        if (job != null) {
            notes.charge = Charge.NOTHING;
        } else if (hold != null) {
            hold.settle(passage == null ? notes.charge.amounts() : passage.unsettled());
            lane.room().freed(hold.first().standings());
        }
        notes.record(draining ? Outcome.CALLER_GONE : outcome, refusal);
        if (job != null) {
            lane.jobs().take(lane, work(job), hold);
        }
    }

    private Work work(Job job) {
        long nowMillis = lane.now().toEpochMilli();
        long takenMillis = TimeUnit.NANOSECONDS.toMillis(lane.nanos() - notes.arrivedNanos());
        return new Work(
                notes.requestId,
                job,
                notes.caller,
                new Account(upstream, attempts.current()),
                below(),
                Headers.ofQuestion(request.headers()),
                notes.endpoint,
                notes.peek,
                notes.demand,
                notes.shelf,
                nowMillis,
                nowMillis - takenMillis + notes.ttlMillis());
    }

    private String below() {
        return Paths.below(upstream.name(), Paths.of(request), request.query());
    }

    private void release() {
        looked = null;
        if (inbound != null) {
            inbound.release();
        }
    }

    /** What a model really answered is what the next call is expected to be answered with. */
    private void learn() {
        Usage used = notes.charge.usage();
        boolean one = !(passage instanceof Session);
        if (one && !notes.charge.estimated() && used.outputTokens() > 0) {
            long each = used.outputTokens() / notes.peek.choices();
            lane.expectations().learn(notes.peek.model(), each);
        }
    }

    private Charge charge() {
        if (passage != null) {
            return passage.charge();
        }
        if (!notes.wasSent()) {
            return Charge.NOTHING;
        }
        if (attempts.refused() || opening != Opening.NONE) {
            return Charge.COUNTED;
        }
        return notes.endpoint.cost() == Endpoint.Cost.METERED
                ? Charge.unanswered(notes.demand, notes.peek, notes.shelf, lane.now())
                : Charge.counted(notes.demand);
    }
}
