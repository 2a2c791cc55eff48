package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Window.Period;
import weir.redis.TestRedis;
import weir.redis.TestSentinel;

/** The ledger follows the master, wherever the sentinels put it, without a restart. */
final class SentinelTest {
    private static final long PATIENCE_MILLIS = 10_000;

    private static final AtomicLong NUMBER = new AtomicLong();

    private static Bench bench(TestSentinel redis) {
        RedisOptions options =
                new RedisOptions()
                        .setType(RedisClientType.SENTINEL)
                        .setMasterName(TestSentinel.MASTER)
                        .setConnectionString(redis.url());
        return Bench.redis(
                new AtomicLong(),
                new RedisLedger.Settings(
                        "test", options, PATIENCE_MILLIS, () -> System.currentTimeMillis() * 1_000),
                () -> 0);
    }

    private static Fixture limits(Bench bench) {
        return new Fixture(bench.run).limit("all", spend(1_000, Period.TOTAL), slots(9));
    }

    /** Until a reservation is granted by a server that answers as a master. */
    private static void awaitGrant(Bench bench, Fixture limits) {
        Waiting.until(
                "granted again",
                () -> {
                    String id = "again" + NUMBER.incrementAndGet();
                    try {
                        if (bench.reserve(id, limits.claims(costs(10)))
                                instanceof Decision.Granted grant) {
                            bench.settle(grant, Amounts.NOTHING);
                            return true;
                        }
                        return false;
                    } catch (LedgerUnavailableException away) {
                        return false;
                    }
                });
    }

    @Test
    void goesOnWithThePromotedReplica() {
        try (TestSentinel redis = TestSentinel.start();
                Bench bench = bench(redis)) {
            Fixture limits = limits(bench);
            Decision.Granted grant = bench.granted("a", limits.claims(costs(100)));
            bench.settle(grant, costs(70));
            redis.master().command("WAIT", "1", "5000");
            redis.master().kill();
            awaitGrant(bench, limits);
            assertEquals(70, bench.read(limits.claims(costs(0))).getFirst().used());
            assertEquals("master", redis.replica().command("ROLE").lines().findFirst().get());
        }
    }

    @Test
    void leavesAMasterThatBecameAReplica() {
        try (TestSentinel redis = TestSentinel.start();
                Bench bench = bench(redis)) {
            Fixture limits = limits(bench);
            bench.settle(bench.granted("a", limits.claims(costs(100))), costs(70));
            redis.swap();
            Waiting.until(
                    "the new master counts",
                    () -> {
                        awaitGrant(bench, limits);
                        return hasCounted(redis.replica());
                    });
            assertEquals(70, bench.read(limits.claims(costs(0))).getFirst().used());
        }
    }

    /** A server that has just become the master closes all connections, this one too. */
    private static boolean hasCounted(TestRedis server) {
        try {
            return server.calls("evalsha") > 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
