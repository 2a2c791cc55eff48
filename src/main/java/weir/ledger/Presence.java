package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many sidecars share the ledger: each process says every few seconds that it is there, and
 * learns how many are. One that dies without a word counts for half a minute more. While the ledger
 * is away the number stays as it was last seen; a process that has never seen it takes itself for
 * the only one.
 *
 * <p>One small script every five seconds, on a connection of its own: event loops come and go with
 * their calls, and the count belongs to none of them. The set is reaped by whoever looks, and
 * expires with the last.
 */
public final class Presence {
    private static final long BEAT_MILLIS = 5_000;

    /** Several beats may be lost before a sidecar is. */
    static final long GONE_MILLIS = 30_000;

    private final Vertx vertx;
    private final RedisLedger.Settings settings;
    private final Context context;
    private final Awaited awaited;
    private @Nullable Shard shard;
    private long timer;
    private volatile int seen = 1;

    /** Begins at once; may be called on any thread. */
    public Presence(Vertx vertx, RedisLedger.Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.context = vertx.getOrCreateContext();
        this.awaited = new Awaited(vertx, settings.deadlineMillis());
        context.runOnContext(v -> begin());
    }

    /** How many were last seen, this one included; at least 1. */
    public int sidecars() {
        return seen;
    }

    /** Says that this one is gone, if it can be said in time. */
    public Future<Void> leave() {
        Promise<Void> left = Promise.promise();
        context.runOnContext(v -> {
            vertx.cancelTimer(timer);
            awaited.inTime(say(0), late -> {})
                    .onComplete(said -> {
                        if (shard != null) {
                            shard.close();
                        }
                        left.complete();
                    });
        });
        return left.future();
    }

    private void begin() {
        Shard own =
                settings.redis().getType() == RedisClientType.CLUSTER
                        ? new RedisCluster(vertx, settings.redis(), settings::circuit)
                                .slot(HashSlot.of(KeySpace.SIDECARS))
                        : new RedisLink(vertx, settings.redis(), settings::circuit);
        shard = own;
        own.onConnected(this::beat);
        timer = vertx.setPeriodic(BEAT_MILLIS, t -> beat());
    }

    private void beat() {
        say(GONE_MILLIS).onSuccess(count -> seen = Math.clamp(count, 1, Share.MAX_SIDECARS));
    }

    private Future<Long> say(long ttlMillis) {
        return shard == null
                ? Future.failedFuture(new LedgerUnavailableException("not begun"))
                : shard.run(
                                Script.PRESENCE,
                                List.of(KeySpace.SIDECARS),
                                List.of("0", settings.sidecar(), Long.toString(ttlMillis)))
                        .map(answer -> answer[0]);
    }
}
