package weir.ledger;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;

/**
 * Tells Redis again what is open.
 *
 * <p>After every reconnect, because the Redis that answers now may not be the one that granted: a
 * replica that was promoted lacks the last writes, a restarted one may lack all. A hold that it
 * does not know is put back, with the deadline that it had; what it has charged since because that
 * was overdue stays charged. Settlements follow: those that were acknowledged a moment ago are sent
 * again too ({@link SettleQueue#replay}).
 *
 * <p>And regularly, for requests in flight under a limit of concurrency. Their slots expire soon
 * after the last word of their sidecar, so that one that dies does not keep them taken for the time
 * to live of a reservation, which is an hour where a request may take so long. The price: a sidecar
 * that is cut off for {@link Lease#MILLIS} while its requests go on may have their slots given to
 * others. When it is back it takes them again, and the limit may be exceeded by them until they
 * end.
 */
final class Reminder {
    /** Two in a row may be lost before a slot is. */
    private static final long RENEW_MILLIS = Lease.MILLIS / 3;

    private final Vertx vertx;
    private final OpenGrants open;
    private final long timer;

    Reminder(Vertx vertx, Shard shard, SettleQueue settlements, OpenGrants open) {
        this.vertx = vertx;
        this.open = open;
        shard.onConnected(() -> settlements.replay(all(Correction::ofOpen)));
        timer = vertx.setPeriodic(RENEW_MILLIS, t -> settlements.remind(all(Correction::ofSlots)));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private List<List<Correction>> all(Function<Decision.Granted, List<Correction>> of) {
        return open.all().stream().map(of).filter(c -> !c.isEmpty()).toList();
    }
}
