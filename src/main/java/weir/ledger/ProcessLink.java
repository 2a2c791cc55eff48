package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import org.jspecify.annotations.Nullable;

/**
 * What a whole process says to Redis and learns from it goes over one connection, or one to each
 * master of a cluster: event loops come and go with their calls, and it belongs to none of them.
 * Connects when somebody first uses it, and is closed with its last user.
 */
public final class ProcessLink {
    private final Vertx vertx;
    private final RedisLedger.Settings settings;
    private final Context context;
    private final Awaited awaited;
    private @Nullable RedisLink single;
    private @Nullable RedisCluster cluster;
    private int users;

    public ProcessLink(Vertx vertx, RedisLedger.Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.context = vertx.getOrCreateContext();
        this.awaited = new Awaited(vertx, settings.deadlineMillis());
    }

    Vertx vertx() {
        return vertx;
    }

    /** This process among all. */
    String sidecar() {
        return settings.sidecar();
    }

    Awaited awaited() {
        return awaited;
    }

    /** Runs something where everything here has to happen; may be called on any thread. */
    void run(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /**
     * For one more user.
     *
     * @param tag of the keys that it asks for
     */
    Shard use(String tag) {
        users++;
        if (settings.redis().getType() == RedisClientType.CLUSTER) {
            if (cluster == null) {
                cluster = new RedisCluster(vertx, settings.redis(), settings.circuits(vertx));
            }
            return cluster.slot(HashSlot.of(tag));
        }
        if (single == null) {
            single = new RedisLink(vertx, settings.redis(), settings.circuits(vertx));
        }
        return single;
    }

    /** One user has ended. */
    void leave() {
        users--;
        if (users == 0) {
            if (single != null) {
                single.close();
                single = null;
            }
            if (cluster != null) {
                cluster.close();
                cluster = null;
            }
        }
    }
}
