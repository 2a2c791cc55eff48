package weir.proxy;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.limit.Crossing;
import weir.limit.Standing;
import weir.observe.Outcome;
import weir.price.Usd;
import weir.provider.Answer;
import weir.provider.AnswerShape;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.Provider;
import weir.provider.Transcript;
import weir.provider.UsageReader;
import weir.usage.Usage;
import weir.usage.UsageReport;

/**
 * Step 7: the answer on its way to the caller, with a usage reader looking on and Weir's own
 * headers beside.
 */
final class Tee implements Relay.Events, Slices.Events {
    interface Events extends Guard {
        /** Bytes came, or the caller made room. */
        void moving();

        /**
         * The caller reads more slowly than the provider writes: waiting is not the provider's
         * fault.
         */
        void stalledByCaller();

        void complete(Outcome outcome);

        /** Money ended the answer before its end. */
        void truncated();

        void broken(Throwable cause);
    }

    private final Lane lane;
    private final Notes notes;
    private final Upstream upstream;
    private final @Nullable Hold hold;
    private final List<Standing> standings;
    private final Events events;
    private UsageReader reader = Unread.INSTANCE;
    private boolean eventStream;
    private boolean streams;

    /** Compressed although Weir asked for no compression: passes, and cannot be looked into. */
    private boolean opaque;

    private int upstreamStatus;
    private @Nullable String costWanted;
    private @Nullable Relay relay;
    private @Nullable Charge finalCharge;
    private @Nullable Slices slices;
    private boolean truncated;

    Tee(Lane lane, Notes notes, Upstream upstream, @Nullable Hold hold, Events events) {
        this.lane = lane;
        this.notes = notes;
        this.upstream = upstream;
        this.hold = hold;
        this.standings = hold == null ? List.of() : hold.told();
        this.events = events;
    }

    void begin(Reply reply, HttpServerRequest request, boolean callerGone) {
        HttpClientResponse response = reply.head();
        upstreamStatus = response.statusCode();
        String type = Objects.requireNonNullElse(response.getHeader(Headers.CONTENT_TYPE), "");
        eventStream = Provider.isEventStream(type);
        costWanted = request.getHeader(Headers.COST);
        opaque = isEncoded(response.getHeader(Headers.CONTENT_ENCODING));
        Relay.Mode mode = Relay.Mode.PASS;
        if (billed()) {
            streams = upstream.provider().streams(notes.peek, type);
            if (!opaque) {
                Answer answer = new Answer(shape(), type, response.headers());
                reader = upstream.provider().usageReader(notes.endpoint, notes.peek, answer);
            }
            mode = mode();
            slice();
        }
        relay = new Relay(reply, request.response(), reader, mode, this);
        if (callerGone) {
            relay.callerGone();
        }
        relay.begin(request.method());
    }

    private boolean billed() {
        return notes.endpoint.cost() == Endpoint.Cost.METERED
                && upstreamStatus >= 200
                && upstreamStatus < 300;
    }

    private AnswerShape shape() {
        if (!streams) {
            return AnswerShape.BODY;
        }
        boolean sliced = notes.demand.plan() instanceof Plan.Slices;
        return sliced ? AnswerShape.COUNTED_EVENTS : AnswerShape.EVENTS;
    }

    private Relay.Mode mode() {
        if (!streams) {
            return Relay.Mode.HOLD;
        }
        boolean whole = opaque || (notes.peek.usageEdit() == null && reader.transcript() == null);
        return whole ? Relay.Mode.PASS : Relay.Mode.FILTER;
    }

    private void slice() {
        if (hold != null && notes.demand.plan() instanceof Plan.Slices plan) {
            slices = new Slices(lane, notes, hold, plan, this);
        }
    }

    /** What cannot be counted may be all that the request can ever make. */
    @Override
    public void passed() {
        if (slices == null) {
            return;
        }
        Transcript transcript = reader.transcript();
        if (transcript == null) {
            slices.passed(Usage.MAX_AMOUNT);
        } else if (transcript.isOpen()) {
            slices.passed(transcript.outputTokens());
        }
    }

    /** Ends the answer as the provider ends one whose output cap is reached. */
    @Override
    public void usedUp(String limit) {
        truncated = true;
        notes.truncatedBy = limit;
        Transcript transcript = reader.transcript();
        if (relay == null || transcript == null) {
            abandon();
            events.broken(new IllegalStateException("the budget ended an answer of another kind"));
            return;
        }
        Charge charge = charge();
        finalCharge = charge;
        relay.end(transcript.ending(charge.usage()));
        events.truncated();
    }

    private static boolean isEncoded(@Nullable String coding) {
        return coding != null && !coding.isBlank() && !coding.trim().equalsIgnoreCase("identity");
    }

    /** Work that the answer has only begun; null where it was the whole of it. */
    @Nullable Job job() {
        return billed() ? reader.job() : null;
    }

    /** What this answer costs, by what has been seen of it so far. */
    Charge charge() {
        if (finalCharge != null) {
            return finalCharge;
        }
        return billed()
                ? Charge.of(
                        report(),
                        notes.demand,
                        notes.peek,
                        lane.prices(),
                        upstream.provider().name())
                : upstreamStatus < 400 ? Charge.counted(notes.demand) : Charge.COUNTED;
    }

    /**
     * The provider of a stream that was cut off goes on for a moment, for which a guard is kept.
     * What cannot be counted has used what it holds. Only what was seen may make a debt.
     */
    private UsageReport report() {
        long held = notes.demand.worst().outputTokens();
        if (opaque) {
            return new UsageReport(List.of(), false, held);
        }
        UsageReport report = reader.report();
        long seen = report.outputBytes();
        long guard = truncated ? Plan.GUARD_TOKENS * notes.peek.choices() : 0;
        long output = Math.max(seen, Math.min(seen + guard, held));
        return new UsageReport(report.lines(), report.complete(), output, report.billedNanoUsd());
    }

    /** The call is over: nothing more is reserved for it. */
    void end() {
        noteBytes();
        if (slices != null) {
            slices.end();
        }
    }

    void callerGone() {
        if (relay != null) {
            relay.callerGone();
        }
    }

    boolean isOver() {
        return relay != null && relay.isOver();
    }

    void abandon() {
        noteBytes();
        if (relay != null) {
            relay.abandon();
        }
    }

    @Override
    public void head(HttpServerResponse to, boolean whole) {
        notes.firstByte();
        notes.status = upstreamStatus;
        to.putHeader(Headers.REQUEST_ID, notes.requestId);
        notes.demand
                .clampedTo()
                .ifPresent(cap -> to.putHeader(Headers.CLAMPED, Long.toString(cap)));
        if (!standings.isEmpty()) {
            RateLimitHeaders.put(to.headers(), standings);
            warn(to);
        }
        if (whole && billed()) {
            to.putHeader(Headers.COST_USD, cost());
        } else if ("trailer".equals(costWanted) && to.isChunked()) {
            to.putHeader(Headers.TRAILER, Headers.COST_USD);
        }
    }

    private void warn(HttpServerResponse to) {
        for (Standing standing : standings) {
            List<Crossing> reached = Crossing.of(standing);
            if (!reached.isEmpty() && standing.limit() > 0) {
                String name = Answers.headerSafe(standing.claim().limit().name());
                int soft = reached.getLast().percent();
                long percent = standing.used() * 100 / standing.limit();
                to.headers()
                        .add(Headers.BUDGET_WARNING, name + ";soft=" + soft + ";used=" + percent);
            }
        }
    }

    @Override
    public void lastWord(HttpServerResponse to) {
        if (!billed() || costWanted == null) {
            return;
        }
        if (costWanted.equals("comment") && eventStream) {
            to.write(": x-weir-cost-usd=" + cost() + "\n\n");
        } else if (costWanted.equals("trailer") && to.isChunked()) {
            to.putTrailer(Headers.COST_USD, cost());
        }
    }

    private String cost() {
        finalCharge = charge();
        return Usd.format(finalCharge.amounts().nanoUsd());
    }

    @Override
    public void moving() {
        events.moving();
    }

    @Override
    public void stalledByCaller() {
        events.stalledByCaller();
    }

    @Override
    public void complete() {
        events.complete(upstreamStatus < 400 ? Outcome.OK : Outcome.UPSTREAM_ERROR);
    }

    @Override
    public void guarded(Runnable step) {
        events.guarded(step);
    }

    @Override
    public void broken(Throwable cause) {
        events.broken(cause);
    }

    /** However it ended: what the caller was sent. */
    private void noteBytes() {
        if (relay != null) {
            notes.bytesOut = relay.bytes();
        }
    }
}
