package weir.ledger;

import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while its event loop does: while the loop is held up, by cold code
 * after a start, by a pause of this process, by a processor that is shared, nobody reads answers,
 * and their age says nothing about who was to give them.
 *
 * <p>While somebody waits, the loop is looked at every {@link #BEAT_MILLIS}; between two looks it
 * has read what lay in its sockets. Time beyond {@link #MOST_MICROS} between two looks does not
 * count.
 *
 * <p>Belongs to one event loop; the time may be read from anywhere.
 */
final class AttentiveClock implements Circuit.Clock {
    private static final long BEAT_MILLIS = 10;

    /** A timer is a millisecond or two late on a machine that has work to do. */
    private static final long MOST_MICROS = 15_000;

    private final Vertx vertx;
    private final LongSupplier clockMicros;
    private volatile long lookedMicros;
    private volatile long lostMicros;
    private volatile boolean busy;
    private long timer;

    AttentiveClock(Vertx vertx, LongSupplier clockMicros) {
        this.vertx = vertx;
        this.clockMicros = clockMicros;
    }

    @Override
    public long micros() {
        long now = clockMicros.getAsLong();
        return (busy ? Math.min(now, lookedMicros + MOST_MICROS) : now) - lostMicros;
    }

    @Override
    public void begin() {
        lookedMicros = clockMicros.getAsLong();
        busy = true;
        timer = vertx.setTimer(BEAT_MILLIS, this::look);
    }

    @Override
    public void end() {
        vertx.cancelTimer(timer);
        leaveOut();
        busy = false;
    }

    private void look(long late) {
        leaveOut();
        timer = vertx.setTimer(BEAT_MILLIS, this::look);
    }

    private void leaveOut() {
        long now = clockMicros.getAsLong();
        long lost = lostMicros;
        lostMicros = lost + Math.max(0, now - lookedMicros - MOST_MICROS);
        lookedMicros = now;
    }
}
