package weir.ledger;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts over keys that live together: the whole of a stand-alone Redis, or one slot of a
 * cluster. One event loop's; what was asked first runs first, as long as the keys stay where they
 * are.
 */
interface Shard {
    /** Whether a script would be sent now. */
    boolean isReady();

    boolean isConnected();

    /**
     * Runs a script.
     *
     * @param args each a string, or a buffer where the script takes bytes
     * @return its result, whole numbers; a failure does not tell whether it ran, except that one
     *     before anything was sent is a {@link LedgerUnavailableException}
     */
    default Future<long[]> run(Script script, List<String> keys, List<?> args) {
        return run(new ScriptCall(script, keys, args)).map(ScriptCall::numbers);
    }

    /** The same of a script that answers anything else. */
    Future<@Nullable Response> run(ScriptCall call);

    /**
     * The task runs whenever the keys can be reached anew: after every connect, and where they are
     * served by another server from now on. That server may have older data, or none.
     */
    void onConnected(Runnable task);

    /** Ends this use; what is in flight may fail. */
    void close();
}
