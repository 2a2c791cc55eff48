package weir.ledger;

import io.vertx.core.Future;
import java.util.List;

/**
 * How many sidecars share the ledger: each process says every few seconds that it is there, and
 * learns how many are. One that dies without a word counts for half a minute more. While the ledger
 * is away the number stays as it was last seen; a process that has never seen it takes itself for
 * the only one.
 *
 * <p>The set is reaped by whoever looks, and expires with the last.
 */
public final class Presence {
    private static final long BEAT_MILLIS = 5_000;

    /** Several beats may be lost before a sidecar is. */
    static final long GONE_MILLIS = 30_000;

    private final String sidecar;
    private final Pulse pulse;
    private volatile int seen = 1;

    /** Begins at once; may be called on any thread. */
    public Presence(ProcessLink link) {
        this.sidecar = link.sidecar();
        this.pulse = new Pulse(link, KeySpace.SIDECARS);
        pulse.begin(BEAT_MILLIS, this::beat);
    }

    /** How many were last seen, this one included; at least 1. */
    public int sidecars() {
        return seen;
    }

    /** Says that this one is gone, if it can be said in time. */
    public Future<Void> leave() {
        return pulse.end(() -> say(0));
    }

    private void beat() {
        say(GONE_MILLIS).onSuccess(count -> seen = Math.clamp(count[0], 1, Share.MAX_SIDECARS));
    }

    private Future<long[]> say(long ttlMillis) {
        return pulse.run(Script.PRESENCE, List.of("0", sidecar, Long.toString(ttlMillis)));
    }
}
