package weir.app;

import io.vertx.redis.client.RedisOptions;
import java.util.Optional;
import weir.proxy.Bounds;

/**
 * Process settings, parsed.
 *
 * @param port 0 for any free one
 * @param eventLoops how many event loops serve calls, at least 1
 * @param redis where the shared ledger is; empty for one in process
 * @param ledgerDeadlineMillis after which a ledger that has not answered counts as down
 * @param drainMillis how long calls in flight may take to finish after a request to stop
 * @param sidecar names this process among all sidecars, also after a restart
 */
public record Settings(
        String host,
        int port,
        int eventLoops,
        Optional<RedisOptions> redis,
        long ledgerDeadlineMillis,
        Bounds bounds,
        long drainMillis,
        String sidecar) {}
