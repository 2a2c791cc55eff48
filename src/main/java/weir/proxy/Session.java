package weir.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
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
import weir.provider.SessionReader;
import weir.provider.SessionReader.Side;
import weir.proxy.Frames.Stop;

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
 * spoken, and never more than {@link #FINISH_MILLIS}. What is under way when the provider breaks
 * off, or time is up, is charged at its worst case.
 */
final class Session implements Passage, Pump.Events, Turns.Events {
    /** So long a turn may go on after its caller has left. */
    private static final long FINISH_MILLIS = 30_000;

    private final Lane lane;
    private final Notes notes;
    private final @Nullable Hold hold;
    private final Passage.Events events;
    private final boolean metered;
    private final SessionReader reader;
    private final Dialect dialect;
    private final Tab tab;
    private @Nullable Turns turns;
    private @Nullable Tunnel tunnel;
    private @Nullable Charge total;
    private Amounts unsettled = Amounts.NOTHING;
    private Runnable alarmOff = () -> {};

    private int underWay;

    /** Of these, what waits for its money. */
    private int waiting;

    private boolean closeWaits;
    private boolean callerGone;
    private boolean over;

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
        this.tab = new Tab(lane, notes);
    }

    /**
     * Begins, with the provider's agreement.
     *
     * @param opened the caller's socket where it is open already; else it is opened now
     */
    void begin(HttpClientResponse agreed, HttpServerRequest request, @Nullable Opened opened) {
        agreed.netSocket().pause();
        notes.firstByte();
        notes.status = Upgrade.AGREED;
        if (hold != null && metered && Turns.areCounted(hold)) {
            turns = new Turns(hold, tab.worst().amounts(), Alarm.of(lane.vertx()), this);
        }
        if (opened != null) {
            join(opened.socket(), agreed, opened.release());
            return;
        }
        MultiMap headers = request.response().headers();
        Upgrade.agree(agreed.headers(), hold == null ? List.of() : hold.told(), headers);
        headers.set(Headers.REQUEST_ID, notes.requestId);
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
        Frames sent = new Frames(piece -> reader.read(Side.CALLER, piece));
        Frames received = new Frames(piece -> reader.read(Side.PROVIDER, piece));
        tunnel = new Tunnel(caller, agreed, sent, received, this);
        tunnel.begin(first);
    }

    @Override
    public boolean mayPass(Pump pump, Stop what) {
        if (tunnel != null && pump == tunnel.up()) {
            return what == Stop.CLOSE ? mayClose() : maySend();
        }
        if (what == Stop.CLOSE) {
            tell(Side.CALLER);
        } else {
            reader.end(Side.PROVIDER);
            account();
        }
        return true;
    }

    private void tell(Side side) {
        if (tunnel != null) {
            tunnel.tell(side);
        }
    }

    private boolean maySend() {
        reader.end(Side.CALLER);
        waiting = reader.underWay() - underWay;
        account();
        return turns == null || turns.isCovered();
    }

    private boolean mayClose() {
        closeWaits = underWay > 0;
        if (closeWaits) {
            alarm(this::turnsAreOver);
        } else {
            tell(Side.PROVIDER);
        }
        return !closeWaits;
    }

    /** What has been used, and what is under way now. */
    private void account() {
        Amounts cost = tab.add(reader.takeUsed());
        underWay = reader.underWay();
        if (turns != null) {
            turns.now(underWay, cost);
        }
        if (underWay == 0) {
            turnsAreOver();
        }
    }

    private void turnsAreOver() {
        if (callerGone) {
            abandon();
            events.complete(Outcome.CALLER_GONE);
        } else if (closeWaits && tunnel != null) {
            closeWaits = false;
            tell(Side.PROVIDER);
            tunnel.up().release();
        }
    }

    private void alarm(Runnable then) {
        alarmOff.run();
        alarmOff = Alarm.of(lane.vertx()).set(FINISH_MILLIS, () -> events.guarded(then));
    }

    @Override
    public void covered() {
        waiting = 0;
        if (tunnel != null && !closeWaits) {
            tunnel.up().release();
        }
    }

    /** A provider that does not end its message is not waited for without end. */
    @Override
    public void refused(Refusal refusal) {
        String limit = refusal.limit();
        notes.truncatedBy = limit == null ? "" : limit;
        if (tunnel != null && !over) {
            alarm(this::said);
            tunnel.down().end(Answers.lastWords(refusal, dialect, notes.requestId));
        }
    }

    @Override
    public void said() {
        if (!over) {
            tell(Side.CALLER);
            abandon();
            events.truncated();
        }
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
        if (tunnel != null && pump == tunnel.down()) {
            events.stalledByCaller();
        }
    }

    /** That the caller's is closed is told by its connection. */
    @Override
    public void ended(Pump pump) {
        if (over || tunnel == null || pump == tunnel.up()) {
            return;
        }
        abandon();
        if (tunnel.hasTold(Side.CALLER)) {
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
        return underWay > 0;
    }

    @Override
    public void callerGone() {
        callerGone = true;
        tell(Side.CALLER);
        if (tunnel != null) {
            tunnel.down().mute();
        }
        alarm(this::turnsAreOver);
    }

    @Override
    public boolean isOver() {
        return over || (tunnel != null && tunnel.hasTold(Side.PROVIDER));
    }

    @Override
    public void abandon() {
        if (over) {
            return;
        }
        over = true;
        alarmOff.run();
        if (tunnel != null) {
            notes.bytesIn = tunnel.up().bytes();
            notes.bytesOut = tunnel.down().bytes();
            tunnel.close(Alarm.of(lane.vertx()));
        }
    }

    @Override
    public Charge charge() {
        if (total == null) {
            total = metered ? meteredTotal() : Charge.counted(notes.demand);
        }
        return total;
    }

    private Charge meteredTotal() {
        int broken = underWay - waiting;
        unsettled = tab.unsettled(turns == null ? Amounts.NOTHING : turns.end(broken));
        return tab.total(broken);
    }

    @Override
    public Amounts unsettled() {
        return metered ? unsettled : charge().amounts();
    }
}
