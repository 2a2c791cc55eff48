package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import weir.limit.Window.Period;
import weir.redis.TestRedis;

final class SettleQueueTest {
    private static final long PATIENCE_MILLIS = 10_000;

    @Test
    void keepsWhatARedisThatIsAwayCannotTakeAndSaysWhenItIsFull() {
        TestRedis first = TestRedis.start();
        Vertx vertx = Vertx.vertx();
        try {
            first.kill();
            CompletableFuture<SettleQueue> made = new CompletableFuture<>();
            CompletableFuture<Void> all = new CompletableFuture<>();
            Context context = vertx.getOrCreateContext();
            context.runOnContext(v -> {
                SettleQueue queue = queue(vertx, first.url());
                List<Future<Void>> acknowledged = new ArrayList<>();
                while (!queue.isFull()) {
                    acknowledged.add(queue.add(List.of(slotOf(acknowledged.size()))));
                }
                Future.all(acknowledged).onComplete(done -> all.complete(null));
                made.complete(queue);
            });
            assertEquals(SettleQueue.MAX_PENDING, Bench.get(made).size());
            try (TestRedis second = TestRedis.startAt(first.port())) {
                Bench.get(all);
                assertEquals(0, Bench.get(made).size());
                assertEquals(SettleQueue.MAX_PENDING / 64, second.calls("evalsha"));
                assertTrue(
                        second.command("GET", KeySpace.mark("t", "s"))
                                .equals(Integer.toString(SettleQueue.MAX_PENDING)));
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void settlementsAreGatheredAlsoWhileReservationsGoOn() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), PATIENCE_MILLIS)) {
            Fixture limits =
                    new Fixture(bench.run)
                            .limit("slots", slots(1_000))
                            .limit("money", spend(1_000_000_000, Period.MONTH));
            redis.command("CONFIG", "RESETSTAT");
            for (int i = 0; i < 500; i++) {
                Decision.Granted grant = bench.granted("a" + i, limits.claims(costs(1_000)));
                CompletableFuture<Void> unused =
                        bench.start(0, l -> l.settle(new Settlement(grant, costs(900))));
            }
            long scripts = redis.calls("evalsha");
            assertTrue(scripts < 900, "500 calls, one after the other, took " + scripts);
            Waiting.until(
                    "all are settled",
                    () -> bench.read(limits.claims(costs(0))).get(1).used() == 450_000);
        }
    }

    @Test
    void aSlotThatIsFreeHereIsFree() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), PATIENCE_MILLIS)) {
            Fixture limits = new Fixture(bench.run).limit("slots", slots(1));
            redis.command("CONFIG", "RESETSTAT");
            for (int i = 0; i < 100; i++) {
                Decision.Granted grant = bench.granted("a" + i, limits.claims(costs(1)));
                CompletableFuture<Void> unused =
                        bench.start(0, l -> l.settle(new Settlement(grant, costs(1))));
            }
            assertTrue(redis.calls("evalsha") <= 300, "asked again at most once");
        }
    }

    private static SettleQueue queue(Vertx vertx, String url) {
        RedisLink link =
                new RedisLink(
                        vertx,
                        new RedisOptions().setConnectionString(url),
                        () -> new Circuit(50_000, () -> 0));
        return new SettleQueue(vertx, link, new RecentPages(vertx), "s", () -> 0);
    }

    private static Correction slotOf(int number) {
        return new Correction("t", List.of("weir:{t}:slots"), List.of("c", "r" + number));
    }
}
