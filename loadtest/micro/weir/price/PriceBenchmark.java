package weir.price;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import weir.app.config.PriceBookReader;
import weir.micro.MicroBenchmark;
import weir.usage.Usage;

/** From a model's name to its price, a quote and a cost, by the program's own price book. */
public class PriceBenchmark extends MicroBenchmark {
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);
    private static final Ask ASK = new Ask(1_016, 1, OptionalLong.of(256), 0, List.of());

    private final Shelf shelf = new Shelf(PriceBookReader.bundled(), "openai", "openai", NOW);
    private final Usage usage = Usage.ofTokens(250, 100);

    private final ModelPrice price =
            Objects.requireNonNull(shelf.find("gpt-5-mini", NOW.plusSeconds(600)));

    @Benchmark
    public @Nullable Object find() {
        return shelf.find("gpt-5-mini", NOW.plusSeconds(600));
    }

    /** A name whose last form alone is in the book. */
    @Benchmark
    public @Nullable Object findByLastForm() {
        return shelf.find("models/gpt-5-mini-2099-12-31", NOW.plusSeconds(600));
    }

    @Benchmark
    public Object quote() {
        return price.quote(ASK);
    }

    @Benchmark
    public long cost() {
        return price.costNanoUsd(usage, List.of("default"));
    }
}
