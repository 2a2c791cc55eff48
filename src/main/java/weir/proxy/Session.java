package weir.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Standing;
import weir.observe.Outcome;
import weir.provider.Dialect;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.SessionReader;
import weir.provider.SessionReader.Side;
import weir.proxy.Frames.Stop;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * A session over a WebSocket: a call that goes on, both ways, and costs money turn by turn.
 *
 * <p>Every byte passes as it came; a reader looks on. {@link Turns} has the money. Where there is
 * none for another turn, the caller is told in the provider's own words and both sockets are
 * closed.
 *
 * <h2>Leaving in the middle of a turn</h2>
 *
 * <p>Who closes a socket while an answer is being made would never hear what it cost, and would be
 * charged the worst case. So a caller's close waits for the turn to end, and of a caller that is
 * gone the turn is read to its end: a few seconds, since answers are made faster than they are
 * spoken, and never more than {@link #FINISH_MILLIS}.
 */
final class Session implements Passage, Pump.Events, Turns.Events {
    /** So long a turn may go on after its caller has left. */
    private static final long FINISH_MILLIS = 30_000;

    /** RFC 6455, section 7.4.1. */
    private static final int GOING_AWAY = 1001;

    private final Lane lane;
    private final Notes notes;
    private final @Nullable Hold hold;
    private final Passage.Events events;
    private final SessionReader reader;
    private final boolean metered;
    private final Usage.Tally used = new Usage.Tally();
    private long costNanoUsd;
    private @Nullable Turns turns;
    private final Dialect dialect;
    private @Nullable Sockets sockets;
    private @Nullable Charge finalCharge;
    private Amounts unsettled = Amounts.NOTHING;
    private Runnable alarmOff = () -> {};
    private boolean closeWaits;
    private boolean callerSaidClose;
    private boolean providerSaidClose;
    private boolean callerGone;
    private boolean over;

    /** Both ends, and what goes between them. */
    private record Sockets(
            NetSocket caller, NetSocket provider, HttpConnection line, Pump up, Pump down) {}

    Session(Lane lane, Notes notes, Upstream upstream, @Nullable Hold hold, Passage.Events events) {
        this.lane = lane;
        this.notes = notes;
        this.hold = hold;
        this.events = events;
        this.metered = notes.endpoint.cost() == Endpoint.Cost.METERED;
        this.reader =
                metered
                        ? upstream.provider().sessionReader(notes.endpoint, notes.peek)
                        : SessionReader.BLIND;
        this.dialect = upstream.provider().dialect();
    }

    /**
     * Begins, with the provider's agreement.
     *
     * @param opened the caller's socket where it is open already; else it is opened now
     */
    void begin(HttpClientResponse agreed, HttpServerRequest request, @Nullable Opened opened) {
        agreed.netSocket().pause();
        notes.firstByte();
        notes.status = agreed.statusCode();
        if (hold != null && metered && Turns.areCounted(hold)) {
            turns = new Turns(hold, worst().amounts(), Alarm.of(lane.vertx()), this);
        }
        if (opened != null) {
            join(opened.socket(), agreed, opened.release());
            return;
        }
        MultiMap headers = request.response().headers();
        Headers.copyResponse(agreed.headers(), headers);
        Upgrade.agree(headers);
        headers.set(Headers.REQUEST_ID, notes.requestId);
        List<Standing> standings = hold == null ? List.of() : hold.told();
        if (!standings.isEmpty()) {
            RateLimitHeaders.put(headers, standings);
            RateLimitHeaders.warn(headers, standings);
        }
        request.toNetSocket()
                .onComplete(made ->
                        events.guarded(() -> {
                            if (made.failed()) {
                                events.broken(made.cause());
                            } else if (!over) {
                                join(made.result(), agreed, Buffer.buffer());
                            }
                        }));
    }

    private void join(NetSocket caller, HttpClientResponse agreed, Buffer first) {
        NetSocket provider = agreed.netSocket();
        Frames sent = new Frames(piece -> reader.read(Side.CALLER, piece));
        Frames received = new Frames(piece -> reader.read(Side.PROVIDER, piece));
        Pump up = new Pump(caller, provider, sent, this);
        Pump down = new Pump(provider, caller, received, this);
        sockets = new Sockets(caller, provider, agreed.request().connection(), up, down);
        down.begin();
        up.begin();
        if (first.length() > 0) {
            up.chunk(first);
        }
        caller.resume();
        provider.resume();
    }

    @Override
    public boolean mayPass(Pump pump, Stop what) {
        if (sockets != null && pump == sockets.up()) {
            return what == Stop.CLOSE ? mayClose() : maySend();
        }
        if (what == Stop.CLOSE) {
            providerSaidClose = true;
        } else {
            reader.end(Side.PROVIDER);
            account();
        }
        return true;
    }

    private boolean maySend() {
        reader.end(Side.CALLER);
        account();
        return turns == null || turns.isCovered();
    }

    private boolean mayClose() {
        callerSaidClose = true;
        closeWaits = reader.underWay() > 0;
        if (closeWaits) {
            finishSoon();
        }
        return !closeWaits;
    }

    /** What has been used since, and what is under way now. */
    private void account() {
        List<UsageLine> lines = reader.takeUsed();
        Amounts cost = Amounts.NOTHING;
        if (!lines.isEmpty()) {
            cost = add(charge(new UsageReport(lines, true, 0)));
        }
        if (turns != null) {
            turns.now(reader.underWay(), cost);
        }
        if (reader.underWay() == 0) {
            turnsAreOver();
        }
    }

    private Charge charge(UsageReport report) {
        return Charge.of(report, notes.demand, notes.peek, notes.shelf, lane.now());
    }

    /** The most that a turn can use. */
    private Charge worst() {
        return charge(new UsageReport(List.of(), false, notes.demand.worst().outputTokens()));
    }

    private Amounts add(Charge turn) {
        for (Kind kind : Kind.values()) {
            used.add(kind, turn.usage().amount(kind));
        }
        // A flat price is that of the session.
        long nanoUsd = notes.demand.flatNanoUsd() < 0 ? turn.amounts().nanoUsd() : 0;
        costNanoUsd += nanoUsd;
        return turn.amounts().withNanoUsd(nanoUsd);
    }

    private void turnsAreOver() {
        if (callerGone) {
            finish();
        } else if (closeWaits && sockets != null) {
            closeWaits = false;
            sockets.up().release();
        }
    }

    private void finishSoon() {
        alarmOff.run();
        alarmOff =
                Alarm.of(lane.vertx()).set(FINISH_MILLIS, () -> events.guarded(this::turnsAreOver));
    }

    private void finish() {
        if (!over) {
            abandon();
            events.complete(Outcome.CALLER_GONE);
        }
    }

    @Override
    public void covered() {
        if (sockets != null && !closeWaits) {
            sockets.up().release();
        }
    }

    /** A provider that does not end its message is not waited for. */
    @Override
    public void refused(Refusal refusal) {
        String limit = refusal.limit();
        notes.truncatedBy = limit == null ? "" : limit;
        if (sockets != null && !over) {
            alarmOff.run();
            alarmOff = Alarm.of(lane.vertx()).set(FINISH_MILLIS, () -> events.guarded(this::said));
            sockets.down().end(Answers.lastWords(refusal, dialect, notes.requestId));
        }
    }

    @Override
    public void said() {
        providerSaidClose = true;
        abandon();
        events.truncated();
    }

    @Override
    public void told(List<Standing> standings) {
        standings.forEach(lane.metrics()::standing);
    }

    @Override
    public void failed(Throwable cause) {
        notes.failed(cause);
    }

    @Override
    public void moving() {
        events.moving();
    }

    @Override
    public void stalled(Pump pump) {
        if (sockets != null && pump == sockets.down()) {
            events.stalledByCaller();
        }
    }

    /** That the caller's is closed is told by its connection. */
    @Override
    public void ended(Pump pump) {
        if (over || sockets == null || pump == sockets.up()) {
            return;
        }
        abandon();
        if (providerSaidClose || callerGone) {
            events.complete(Outcome.OK);
        } else {
            events.broken(new ClosedChannelException());
        }
    }

    @Override
    public void guarded(Runnable step) {
        events.guarded(step);
    }

    @Override
    public boolean outlivesCaller() {
        return reader.underWay() > 0;
    }

    @Override
    public void callerGone() {
        callerGone = true;
        if (sockets != null) {
            sockets.down().mute();
        }
        finishSoon();
    }

    @Override
    public boolean isOver() {
        return callerSaidClose && !closeWaits;
    }

    @Override
    public void abandon() {
        if (!over) {
            over = true;
            leave();
        }
    }

    /** Closes both ends, with a word to each that has heard whole messages. */
    private void leave() {
        alarmOff.run();
        if (sockets == null) {
            return;
        }
        notes.bytesIn = sockets.up().bytes();
        notes.bytesOut = sockets.down().bytes();
        if (!callerSaidClose && sockets.up().isBetween()) {
            sockets.provider().write(Frames.close(GOING_AWAY, "", true));
        }
        if (!providerSaidClose && !callerGone && sockets.down().isBetween()) {
            sockets.caller().write(Frames.close(GOING_AWAY, "", false));
        }
        sockets.up().abandon();
        sockets.down().abandon();
        sockets.line().close();
        sockets.caller().close();
    }

    @Override
    public void cutOff(HttpServerRequest request) {
        abandon();
    }

    @Override
    public void end() {
        abandon();
    }

    @Override
    public Charge charge() {
        if (finalCharge == null) {
            finalCharge = total();
        }
        return finalCharge;
    }

    private Charge total() {
        if (!metered) {
            Charge counted = Charge.counted(notes.demand);
            unsettled = counted.amounts();
            return counted;
        }
        long flat = Math.max(0, notes.demand.flatNanoUsd());
        Amounts rest = turns == null ? Amounts.NOTHING : turns.end();
        unsettled = new Amounts(1, rest.inputTokens(), rest.outputTokens(), rest.nanoUsd() + flat);
        int broken = reader.underWay();
        for (int i = 0; i < broken; i++) {
            add(worst());
        }
        Usage all = used.toUsage();
        Amounts amounts = new Amounts(1, all.inputTokens(), all.outputTokens(), costNanoUsd + flat);
        return new Charge(amounts, all, broken > 0);
    }

    @Override
    public Amounts unsettled() {
        return unsettled;
    }

    @Override
    public @Nullable Job job() {
        return null;
    }
}
