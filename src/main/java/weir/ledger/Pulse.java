package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small script over one key every few seconds, on a connection of its own: event loops come and
 * go with their calls, and what a whole process says and learns belongs to none of them.
 */
final class Pulse {
    private final Vertx vertx;
    private final RedisLedger.Settings settings;
    private final String key;
    private final Context context;
    private final Awaited awaited;
    private @Nullable Shard shard;
    private long timer;

    /**
     * Is still until {@link #begin}.
     *
     * @param key what the script lives on, or the hash tag of its keys
     */
    Pulse(Vertx vertx, RedisLedger.Settings settings, String key) {
        this.vertx = vertx;
        this.settings = settings;
        this.key = key;
        this.context = vertx.getOrCreateContext();
        this.awaited = new Awaited(vertx, settings.deadlineMillis());
    }

    /**
     * Runs the task on its own context whenever the key can be reached anew and every so many
     * milliseconds; may be called on any thread.
     */
    void begin(long everyMillis, Runnable task) {
        context.runOnContext(v -> {
            Shard own =
                    settings.redis().getType() == RedisClientType.CLUSTER
                            ? new RedisCluster(vertx, settings.redis(), settings.circuits(vertx))
                                    .slot(HashSlot.of(key))
                            : new RedisLink(vertx, settings.redis(), settings.circuits(vertx));
            shard = own;
            own.onConnected(task);
            timer = vertx.setPeriodic(everyMillis, t -> task.run());
        });
    }

    /** Runs something on the context that the script runs on. */
    void soon(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** On the pulse's own context only. */
    Future<long[]> run(Script script, List<String> args) {
        return run(new ScriptCall(script, List.of(key), args)).map(ScriptCall::numbers);
    }

    /** The same of a script that needs more keys, all in one slot, or answers no numbers. */
    Future<@Nullable Response> run(ScriptCall call) {
        return shard == null
                ? Future.failedFuture(new LedgerUnavailableException("not begun"))
                : shard.run(call);
    }

    /** The same, but fails where there is no answer in time. */
    Future<long[]> inTime(ScriptCall call) {
        return awaited.inTime(run(call).map(ScriptCall::numbers), late -> {});
    }

    /** Ends, with a last word if it can be said in time. */
    Future<Void> end(Supplier<Future<long[]>> lastWord) {
        Promise<Void> ended = Promise.promise();
        context.runOnContext(v -> {
            vertx.cancelTimer(timer);
            awaited.inTime(lastWord.get(), late -> {})
                    .onComplete(said -> {
                        if (shard != null) {
                            shard.close();
                        }
                        ended.complete();
                    });
        });
        return ended.future();
    }
}
