package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

final class SettleQueueTest {
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
                    acknowledged.add(queue.add(List.of(slot(acknowledged.size()))));
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

    private static SettleQueue queue(Vertx vertx, String url) {
        RedisLink link =
                new RedisLink(
                        vertx,
                        new RedisOptions().setConnectionString(url),
                        () -> new Circuit(50_000, () -> 0));
        return new SettleQueue(vertx, link, "s", () -> 0);
    }

    private static Correction slot(int number) {
        return new Correction("t", List.of("weir:{t}:slots"), List.of("c", "r" + number));
    }
}
