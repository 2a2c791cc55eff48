package weir.app;

import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.proxy.Bounds;
import weir.proxy.Listener.Door;

/**
 * Process settings, parsed.
 *
 * @param port 0 for any free one
 * @param tls where calls are taken over TLS besides; empty for nowhere
 * @param eventLoops how many event loops serve calls, at least 1
 * @param redis where the shared ledger is; empty for one in process
 * @param ledgerDeadlineMillis after which a ledger that has not answered counts as down
 * @param drainMillis how long calls in flight may take to finish after a request to stop
 * @param leases whether parts of the shared ledger's limits are taken ahead of need
 * @param sidecar names this process among all sidecars, also after a restart
 */
public record Settings(
        String host,
        int port,
        Optional<Door> tls,
        int eventLoops,
        Optional<RedisOptions> redis,
        long ledgerDeadlineMillis,
        boolean leases,
        Bounds bounds,
        long drainMillis,
        String sidecar) {
    /** One round trip to a shared ledger for each request. */
    public Settings(
            String host,
            int port,
            int eventLoops,
            Optional<RedisOptions> redis,
            long ledgerDeadlineMillis,
            Bounds bounds,
            long drainMillis,
            String sidecar) {
        this(
                host,
                port,
                Optional.empty(),
                eventLoops,
                redis,
                ledgerDeadlineMillis,
                false,
                bounds,
                drainMillis,
                sidecar);
    }

    /** The plain one first. */
    List<Door> doors() {
        List<Door> doors = new ArrayList<>();
        doors.add(new Door(host, port, null));
        tls.ifPresent(doors::add);
        return doors;
    }
}
