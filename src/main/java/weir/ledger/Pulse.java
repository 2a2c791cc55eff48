package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A small script over keys that live together every few seconds, for a whole process. */
final class Pulse {
    private final ProcessLink link;
    private final String key;
    private @Nullable Shard shard;
    private long timer;

    /**
     * Is still until {@link #begin}.
     *
     * @param key what the script lives on, or the hash tag of its keys
     */
    Pulse(ProcessLink link, String key) {
        this.link = link;
        this.key = key;
    }

    /**
     * Runs the task on the link's context whenever the key can be reached anew and every so many
     * milliseconds; may be called on any thread.
     */
    void begin(long everyMillis, Runnable task) {
        link.run(() -> {
            Shard own = link.use(key);
            shard = own;
            own.onConnected(task);
            if (own.isConnected()) {
                task.run();
            }
            timer = link.vertx().setPeriodic(everyMillis, t -> task.run());
        });
    }

    /** Runs something on the context that the script runs on. */
    void soon(Runnable task) {
        link.run(task);
    }

    /** Whether a script would be sent now; on the link's context only, as all below. */
    boolean isReady() {
        return shard != null && shard.isReady();
    }

    /** Runs a script that answers numbers. */
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
        return link.awaited().inTime(run(call).map(ScriptCall::numbers), late -> {});
    }

    /** Ends, with a last word if it can be said in time. */
    Future<Void> end(Supplier<Future<long[]>> lastWord) {
        Promise<Void> ended = Promise.promise();
        link.run(() -> {
            if (shard == null) {
                ended.complete();
                return;
            }
            link.vertx().cancelTimer(timer);
            link.awaited()
                    .inTime(lastWord.get(), late -> {})
                    .onComplete(said -> {
                        shard = null;
                        link.leave();
                        ended.complete();
                    });
        });
        return ended.future();
    }
}
