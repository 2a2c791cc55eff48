package weir.proxy;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.function.LongSupplier;
import weir.ledger.Cooldowns;
import weir.ledger.Ledger;
import weir.observe.Log;
import weir.observe.Metrics;

/**
 * What one event loop owns. A request stays on one lane from its first byte to its last, so nothing
 * here is shared between threads, except what says so itself (metrics, expectations, bounds).
 *
 * @param ids names of requests, unique over all sidecars and restarts
 * @param nanoClock monotonic, in nanoseconds
 * @param wallClock milliseconds since the epoch
 */
public record Lane(
        Vertx vertx,
        Ledger ledger,
        WaitingRoom room,
        Origins origins,
        Deadlines deadlines,
        RequestIds ids,
        Expectations expectations,
        Bounds bounds,
        Cooldowns cooldowns,
        Jobs jobs,
        HeldBytes heldBytes,
        Metrics metrics,
        Log log,
        LongSupplier nanoClock,
        LongSupplier wallClock) {
    long nanos() {
        return nanoClock.getAsLong();
    }

    Instant now() {
        return Instant.ofEpochMilli(wallClock.getAsLong());
    }
}
