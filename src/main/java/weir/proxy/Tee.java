package weir.proxy;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Standing;
import weir.observe.Outcome;
import weir.price.Usd;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.Transcript;
import weir.usage.Usage;
import weir.usage.UsageReport;

/**
 * Step 7: the answer on its way to the caller, with a usage reader looking on and Weir's own
 * headers beside.
 */
final class Tee implements Passage, Relay.Events, Slices.Events {
    private final Lane lane;
    private final Notes notes;
    private final Upstream upstream;
    private final @Nullable Hold hold;
    private final List<Standing> standings;
    private final Passage.Events events;
    private Look look = Look.NONE;
    private int upstreamStatus;
    private @Nullable String costWanted;
    private @Nullable Relay relay;
    private @Nullable Charge finalCharge;
    private @Nullable Slices slices;
    private boolean truncated;

    Tee(Lane lane, Notes notes, Upstream upstream, @Nullable Hold hold, Passage.Events events) {
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
        costWanted = request.getHeader(Headers.COST);
        Homeward.Way links = Homeward.way(request, upstream, notes.endpoint);
        look = Look.at(response, notes, upstream, billed(), links);
        if (billed()) {
            slice();
        }
        relay = new Relay(reply, request.response(), look.reader(), look.mode(), this);
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

    private void slice() {
        if (hold != null && notes.demand.plan() instanceof Plan.Slices plan) {
            slices = new Slices(hold, plan.tariff(), Alarm.of(lane.vertx()), this);
        }
    }

    /** What cannot be counted may be all that the request can ever make. */
    @Override
    public void passed() {
        if (slices == null) {
            return;
        }
        Transcript transcript = look.reader().transcript();
        if (transcript == null) {
            slices.passed(Usage.MAX_AMOUNT);
        } else if (transcript.isOpen()) {
            slices.passed(transcript.outputTokens());
        }
    }

    @Override
    public void told(List<Standing> now) {
        now.forEach(lane.metrics()::standing);
    }

    @Override
    public void granted(long nanoUsd) {
        notes.demand = notes.demand.granted(nanoUsd);
    }

    @Override
    public void failed(Throwable cause) {
        notes.failed(cause);
    }

    @Override
    public void pause() {
        Objects.requireNonNull(relay).pause();
    }

    @Override
    public void resume() {
        Objects.requireNonNull(relay).resume();
    }

    /** Ends the answer as the provider ends one whose output cap is reached. */
    @Override
    public void usedUp(String limit) {
        truncated = true;
        notes.truncatedBy = limit;
        Transcript transcript = look.reader().transcript();
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

    @Override
    public @Nullable Job job() {
        return billed() ? look.reader().job() : null;
    }

    @Override
    public Charge charge() {
        if (finalCharge != null) {
            return finalCharge;
        }
        return billed()
                ? Charge.of(report(), notes.demand, notes.peek, notes.shelf, lane.now())
                : upstreamStatus < 400 ? Charge.counted(notes.demand) : Charge.COUNTED;
    }

    /** An answer is one reservation. */
    @Override
    public Amounts unsettled() {
        return charge().amounts();
    }

    @Override
    public void cutOff(HttpServerRequest request) {
        request.response().reset();
    }

    /** What cannot be counted has used what it holds. */
    private UsageReport report() {
        if (look.opaque()) {
            return new UsageReport(List.of(), false, notes.demand.worst().outputTokens());
        }
        UsageReport report = look.reader().report();
        long output = Charge.seen(report.outputBytes(), notes.demand, notes.peek, truncated);
        return new UsageReport(report.lines(), report.complete(), output, report.billedNanoUsd());
    }

    @Override
    public void end() {
        noteBytes();
        if (slices != null) {
            slices.end();
        }
    }

    @Override
    public boolean outlivesCaller() {
        return upstream.drainOnDisconnect();
    }

    @Override
    public void callerGone() {
        if (relay != null) {
            relay.callerGone();
        }
    }

    @Override
    public boolean isOver() {
        return relay != null && relay.isOver();
    }

    @Override
    public void abandon() {
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
            RateLimitHeaders.warn(to.headers(), standings);
        }
        if (whole && billed()) {
            to.putHeader(Headers.COST_USD, cost());
        } else if ("trailer".equals(costWanted) && to.isChunked()) {
            to.putHeader(Headers.TRAILER, Headers.COST_USD);
        }
    }

    @Override
    public void lastWord(HttpServerResponse to) {
        if (!billed() || costWanted == null) {
            return;
        }
        if (costWanted.equals("comment") && look.eventStream()) {
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
