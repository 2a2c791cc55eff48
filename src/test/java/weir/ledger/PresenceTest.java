package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

final class PresenceTest {
    private final Vertx vertx = Vertx.vertx();

    private Presence enter(TestRedis redis, String name) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.url());
        RedisLedger.Settings settings = new RedisLedger.Settings(name, options, 10_000, () -> 0);
        return new Presence(new ProcessLink(vertx, settings));
    }

    @Test
    void everybodyIsCountedUntilTheyLeave() {
        TestRedis redis = TestRedis.start();
        try {
            List<Presence> all =
                    IntStream.range(0, 5).mapToObj(i -> enter(redis, "s" + i)).toList();
            Waiting.until("all five are there", () -> count(redis) == 5);
            Presence last = enter(redis, "s5");
            Waiting.until("the last sees all", () -> last.sidecars() == 6);
            all.forEach(p -> p.leave().toCompletionStage().toCompletableFuture().join());
            assertEquals(1, count(redis));
            assertTrue(Long.parseLong(redis.command("PTTL", KeySpace.SIDECARS)) > 0);
            redis.kill();
            assertEquals(6, last.sidecars(), "as last seen");
            last.leave().toCompletionStage().toCompletableFuture().join();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            redis.close();
        }
    }

    private static long count(TestRedis redis) {
        return Long.parseLong(redis.command("ZCARD", KeySpace.SIDECARS));
    }

    @Test
    void whoIsOverdueIsReapedByWhoeverLooks() {
        TestRedis redis = TestRedis.start();
        try {
            redis.command("ZADD", KeySpace.SIDECARS, "1000", "dead");
            Presence one = enter(redis, "alive");
            Waiting.until(
                    "reaped",
                    () -> redis.command("ZRANGE", KeySpace.SIDECARS, "0", "-1").equals("alive"));
            assertEquals(1, one.sidecars());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            redis.close();
        }
    }
}
