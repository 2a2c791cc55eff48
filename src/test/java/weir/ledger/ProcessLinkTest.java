package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

final class ProcessLinkTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestRedis redis = TestRedis.start();

    @AfterEach
    void close() {
        await(vertx.close());
        redis.close();
    }

    @Test
    void whatAProcessSaysGoesOverOneConnection() {
        ProcessLink link =
                new ProcessLink(vertx, Bench.settings(redis.url(), 10_000, Bench::realMicros));
        Presence presence = new Presence(link);
        SharedCooldowns cooldowns = new SharedCooldowns(link, System::nanoTime);
        JobBook book = new JobBook(link);
        Waiting.until("here", () -> redis.command("ZCARD", KeySpace.SIDECARS).equals("1"));
        cooldowns.watch(List.of("main"));
        book.begin(new NoWork());
        JobBook.Name name = new JobBook.Name("account", "/work");
        Waiting.until("noted", () -> await(book.keep(name, "note").otherwise(false)));
        assertEquals(1, connections());
        await(presence.leave());
        await(cooldowns.close());
        assertEquals(1, connections(), "as long as one is left");
        await(book.close());
        Waiting.until("none", () -> connections() == 0);
    }

    /** Besides the one that asks. */
    private long connections() {
        return redis.command("CLIENT", "LIST").lines().filter(l -> l.contains("id=")).count() - 1;
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static final class NoWork implements JobBook.Keeper {
        @Override
        public Set<String> accounts() {
            return Set.of("account");
        }

        @Override
        public List<String> works(String account) {
            return List.of();
        }

        @Override
        public void lost(JobBook.Name name) {}

        @Override
        public void forgotten(JobBook.Name name) {}

        @Override
        public void found(JobBook.Name name, String note) {}
    }
}
