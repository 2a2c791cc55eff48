package weir.ledger;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.redis.TestCluster;
import weir.redis.TestRedis;

/** Ledgers over a cluster, and a look at what it holds. */
final class ClusterBench {
    private static final long SLACK_MILLIS = 86_400_000;

    private ClusterBench() {}

    static Bench open(AtomicLong micros, TestCluster cluster) {
        return Bench.redis(micros, settings(cluster, 10_000, micros::get), micros::get);
    }

    static RedisLedger.Settings settings(
            TestCluster cluster, long deadlineMillis, LongSupplier clock) {
        RedisOptions options =
                new RedisOptions()
                        .setType(RedisClientType.CLUSTER)
                        .setConnectionString(cluster.url());
        return new RedisLedger.Settings("test", options, deadlineMillis, clock);
    }

    /** Keys that would still be there at the bench's time: Redis itself lives in another. */
    static long counters(Bench bench, TestCluster cluster) {
        return cluster.masters().stream().mapToLong(m -> counters(bench, m)).sum();
    }

    static long counters(Bench bench, TestRedis redis) {
        long passedMillis = (bench.micros.get() - Bench.START_MICROS) / 1_000;
        return redis.command("KEYS", "*" + bench.run + "*")
                .lines()
                .filter(k -> !k.isEmpty())
                .filter(k -> Long.parseLong(redis.command("PTTL", k)) - SLACK_MILLIS > passedMillis)
                .count();
    }
}
