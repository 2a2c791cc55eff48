package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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

    /** What has ended is remembered for a while, and must not hide what is left. */
    @Test
    void whatIsLeftIsFoundBehindAllThatHasEnded() {
        ProcessLink link =
                new ProcessLink(vertx, Bench.settings(redis.url(), 10_000, Bench::realMicros));
        String works = KeySpace.jobs("account");
        for (int i = 0; i < 350; i++) {
            redis.command("ZADD", works, "0", "/" + i);
        }
        redis.command("ZADD", works, "1", "/left");
        redis.command("HSET", works + ":notes", "n/left", "note");
        NoWork keeper = new NoWork();
        JobBook book = new JobBook(link);
        book.begin(keeper);
        Waiting.until("found", () -> keeper.found.contains("/left"));
        assertEquals("1", redis.command("ZCARD", works));
        await(book.close());
    }

    /** Sees to nothing. */
    private static final class NoWork implements JobBook.Keeper {
        private final List<String> found = new CopyOnWriteArrayList<>();

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
        public boolean found(JobBook.Name name, String note) {
            found.add(name.work());
            return false;
        }

        @Override
        public int room() {
            return 10;
        }
    }
}
