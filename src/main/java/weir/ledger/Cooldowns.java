package weir.ledger;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What is not to be used for a while, by name, as this process knows it. Advice, not law: whoever
 * has nothing else uses it all the same. Safe for all threads.
 */
public sealed class Cooldowns permits SharedCooldowns {
    /** Far more than weir.yaml can name credentials. */
    static final int MAX_NAMES = 4_096;

    private final Map<String, Long> untilNanos = new ConcurrentHashMap<>();
    private final LongSupplier nanoClock;

    /** With a monotonic clock, in nanoseconds. */
    public Cooldowns(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** From now on for so many milliseconds; a longer one that is known already stays. */
    public void cool(String name, long millis) {
        long until = nanoClock.getAsLong() + millis * 1_000_000;
        if (untilNanos.size() < MAX_NAMES || untilNanos.containsKey(name)) {
            untilNanos.merge(name, until, (a, b) -> a - b > 0 ? a : b);
        }
    }

    /** These names matter from now on. */
    public void watch(Collection<String> names) {}

    /** Ends what runs in the background. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** For how many milliseconds more; 0 where it may be used. */
    public long leftMillis(String name) {
        Long until = untilNanos.get(name);
        if (until == null) {
            return 0;
        }
        long left = until - nanoClock.getAsLong();
        if (left <= 0) {
            untilNanos.remove(name, until);
            return 0;
        }
        return Math.ceilDiv(left, 1_000_000);
    }
}
