package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecentTest {
    private static final String LONG = "x".repeat(100_000);

    private final Vertx vertx = Vertx.vertx();
    private final RecentPages memory = new RecentPages(vertx);
    private final Recent recent = new Recent(memory);

    private record Told(List<String> keys, List<String> args) {}

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void comesBackAsItWasInOrder() {
        List<Told> told =
                List.of(
                        new Told(List.of("weir:{t}:a", "weir:{t}:b"), List.of("7", "s", "")),
                        new Told(List.of(), List.of("caf\u00e9 \ud83d\ude00")),
                        new Told(List.of(LONG), List.of("8")),
                        new Told(List.of("weir:{t}:a"), List.of("9")));
        told.forEach(t -> recent.add(t.keys(), t.args()));
        assertEquals(told, recent.all(Told::new));
    }

    @Test
    void theOldestGoFirst() {
        int all = 100_000;
        List<String> keys = List.of("weir:{tenant}:daily:spend:tenant:day.1790000000000".repeat(6));
        IntStream.range(0, all).forEach(i -> recent.add(keys, List.of("n", Integer.toString(i))));
        List<Integer> kept = recent.all((k, args) -> Integer.parseInt(args.getLast()));
        assertTrue(kept.size() > 20_000 && kept.size() < 50_000, kept.size() + " are kept");
        int first = all - kept.size();
        assertEquals(IntStream.range(first, all).boxed().toList(), kept);
        assertTrue(memory.bytes() <= RecentPages.MAX_BYTES, memory.bytes() + " bytes");
    }

    /** As the slots of a cluster do. */
    @Test
    void manyShareOneMemory() {
        List<Recent> slots = Stream.generate(() -> new Recent(memory)).limit(5_000).toList();
        List<String> keys = List.of("weir:{tenant}:daily:spend:tenant:day.1790000000000".repeat(6));
        for (int i = 0; i < 100_000; i++) {
            slots.get(i % slots.size()).add(keys, List.of("n", Integer.toString(i)));
        }
        List<Integer> kept =
                slots.stream()
                        .flatMap(s -> s.all((k, args) -> Integer.valueOf(args.getLast())).stream())
                        .toList();
        assertTrue(memory.bytes() <= RecentPages.MAX_BYTES, memory.bytes() + " bytes");
        assertTrue(kept.size() > 15_000, kept.size() + " are kept");
    }
}
