package weir.proxy;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.observe.CallRecord;
import weir.observe.Outcome;
import weir.price.Shelf;
import weir.provider.Endpoint;
import weir.provider.Peek;
import weir.usage.Usage;

/** What a journey notes down on its way, for the log line and the metrics at its end. */
final class Notes {
    /** Of a request whose body nobody looked at. */
    static final Peek NOT_PEEKED =
            new Peek(
                    "",
                    false,
                    0,
                    OptionalLong.empty(),
                    1,
                    1,
                    0,
                    false,
                    false,
                    Usage.NONE,
                    List.of(),
                    false,
                    List.of(),
                    false,
                    null,
                    null);

    private static final Caller NOBODY = Caller.ofTenant("");
    private static final long NEVER = -1;

    final String requestId;
    private final Lane lane;
    private final String provider;
    private final HttpServerRequest request;
    private final long arrivedNanos;
    Caller caller = NOBODY;
    Endpoint endpoint = new Endpoint("", Endpoint.Cost.FREE);
    Peek peek = NOT_PEEKED;
    Shelf shelf = Shelf.EMPTY;
    Demand demand = Demand.NONE;
    Charge charge = Charge.NOTHING;
    @Nullable String cause;

    /** The limit whose money ended a stream; empty where it was the ledger that was away. */
    @Nullable String truncatedBy;

    int status;
    long bytesOut;

    /** Of a session, behind its request. */
    long bytesIn;

    private long quotedNanos = NEVER;
    private long reservedNanos = NEVER;
    private long waitedNanos;
    private long sentNanos = NEVER;
    private long answeredNanos = NEVER;
    private long firstByteNanos = NEVER;

    Notes(Lane lane, String provider, HttpServerRequest request) {
        this.lane = lane;
        this.provider = provider;
        this.request = request;
        this.requestId = lane.ids().next();
        this.arrivedNanos = lane.nanos();
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    /** Every model that may work for this request; empty where nobody can tell. */
    List<String> models() {
        if (endpoint.cost() != Endpoint.Cost.METERED || peek.otherModels().contains(Peek.ANY)) {
            return List.of();
        }
        List<String> models = new ArrayList<>(peek.otherModels());
        models.add(peek.model());
        return models;
    }

    /** For how long the call may hold what it reserves. */
    long ttlMillis() {
        return Math.max(lane.bounds().reservationTtlMillis(), endpoint.lasts().toMillis());
    }

    void quoted(Demand made) {
        demand = made;
        quotedNanos = lane.nanos();
    }

    /**
     * Decided.
     *
     * @param waited how long of the time since the quote was spent waiting for limits
     */
    void reserved(long waited) {
        reservedNanos = lane.nanos();
        waitedNanos = waited;
    }

    void sent() {
        sentNanos = lane.nanos();
    }

    void failed(Throwable why) {
        cause = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    boolean wasSent() {
        return sentNanos != NEVER;
    }

    void answered() {
        answeredNanos = lane.nanos();
    }

    void firstByte() {
        firstByteNanos = lane.nanos();
    }

    /** Step 9: one log line, the metrics. */
    void record(Outcome outcome, @Nullable Refusal refusal) {
        long now = lane.nanos();
        CallRecord call =
                new CallRecord(
                        requestId,
                        provider,
                        peek.model(),
                        caller.tenant(),
                        caller.key(),
                        endpoint.name(),
                        peek.stream(),
                        outcome,
                        refusal == null ? null : refusal.reason(),
                        refusal == null ? truncatedBy : refusal.limit(),
                        cause,
                        status,
                        charge.usage(),
                        charge.estimated(),
                        demand.worst().nanoUsd(),
                        charge.amounts().nanoUsd(),
                        span(arrivedNanos, quotedNanos),
                        reservedNanos == NEVER
                                ? NEVER
                                : span(quotedNanos, reservedNanos) - waitedNanos,
                        waitedNanos == 0 ? NEVER : waitedNanos,
                        span(answeredNanos, firstByteNanos),
                        span(arrivedNanos, firstByteNanos),
                        span(sentNanos, now),
                        now - arrivedNanos,
                        request.bytesRead() + bytesIn,
                        bytesOut);
        lane.metrics().finished(call);
        lane.log().call(call);
    }

    private static long span(long from, long to) {
        return from == NEVER || to == NEVER ? NEVER : to - from;
    }
}
