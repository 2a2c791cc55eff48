package weir.ledger;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import weir.redis.TestCluster;
import weir.redis.TestRedis;

/** Ledgers over a cluster, and a look at what it holds. */
final class ClusterBench {
    private static final long SLACK_MILLIS = 86_400_000;

    /** So long that only an outage is late. */
    static final long PATIENCE_MILLIS = 10_000;

    private ClusterBench() {}

    static Bench open(AtomicLong micros, TestCluster cluster) {
        return Bench.redis(micros, settings(cluster, PATIENCE_MILLIS, micros::get), micros::get);
    }

    /** By the real time, where one lease holder each may stand before it. */
    static Bench real(TestCluster cluster, long deadlineMillis, boolean leased) {
        return Bench.real(settings(cluster, deadlineMillis, Bench::realMicros), leased);
    }

    static Bench real(TestCluster cluster) {
        return real(cluster, PATIENCE_MILLIS, false);
    }

    /** A tenant whose limits are on this master. */
    static String tenantOn(TestCluster cluster, int master) {
        return tenantsOn(cluster, master).getFirst();
    }

    static List<String> tenantsOn(TestCluster cluster, int master) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "shop" + i)
                .filter(t -> cluster.masterOf(HashSlot.of(t)) == master)
                .limit(20)
                .toList();
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
