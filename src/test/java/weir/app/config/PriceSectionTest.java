package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.price.ModelPrice;
import weir.price.PriceBook;
import weir.price.Shelf;
import weir.usage.Kind;
import weir.usage.Usage;

/** Prices of weir.yaml, of a price file and of the program, one over the other. */
final class PriceSectionTest {
    private static final Instant DAY = Instant.parse("2026-11-24T12:00:00Z");

    private static PriceBook loaded(ConfigFile.Result result) {
        return assertInstanceOf(ConfigFile.Loaded.class, result, result::toString).rules().prices();
    }

    private static long cost(
            PriceBook book, String provider, String vendor, String model, Usage usage) {
        ModelPrice price = new Shelf(book, provider, vendor, DAY).find(model, DAY);
        return Objects.requireNonNull(price, model).costNanoUsd(usage, List.of());
    }

    @Test
    void theFilesRowsStandOverTheProgramsAndModelsOverBoth() {
        PriceBook book = loaded(Fixtures.read(Fixtures.FOLDER.resolve("valid-prices.yaml")));
        Usage one = Usage.ofTokens(1, 1);
        assertEquals(800, cost(book, "local-vllm", "openai", "qwen-3", one));
        assertEquals(7_000, cost(book, "local-vllm", "openai", "own", Usage.ofTokens(1, 0)));
        assertEquals(480, cost(book, "openai", "openai", "gpt-6-luna", one), "the file's");
        assertEquals(60_000, cost(book, "openai", "openai", "gpt-6-astra", one), "the program's");
        assertEquals(480, cost(book, "local-vllm", "openai", "gpt-6-luna", one), "the vendor's");
        Usage images = Usage.of(Kind.IMAGES, 2);
        assertEquals(80_000_000, cost(book, "openai", "openai", "my-speech", images));
        assertEquals(
                100, cost(book, "openai", "openai", "my-speech", Usage.of(Kind.AUDIO_MILLIS, 1)));
        assertNull(book.find("openai", "openai", "qwen-3"));
    }

    /** A deployment costs what the model does that it is said to be, tiers and steps included. */
    @Test
    void aNameThatHidesTheModelCostsWhatTheModelDoes() {
        PriceBook book = loaded(Fixtures.read(Fixtures.FOLDER.resolve("valid-prices.yaml")));
        for (String deployment : List.of("shop-chat", "shop-chat-eu")) {
            assertEquals(
                    book.find("azure", "azure", "us/gpt-6-sol"),
                    book.find("azure", "azure", deployment));
        }
        assertEquals(2_200, cost(book, "azure", "azure", "shop-chat", Usage.ofTokens(1, 0)));
    }

    @Test
    void aPriceFileIsWatchedLikeTheFileThatNamesIt(@TempDir Path folder) throws IOException {
        Path prices = folder.resolve("prices.json");
        Files.copy(Fixtures.FOLDER.resolve("prices/own.json"), prices);
        String yaml = Files.readString(Fixtures.FOLDER.resolve("invalid-prices-file.yaml"));
        ConfigFile.Result first =
                Fixtures.read(folder, yaml.replace("prices/broken.json", "prices.json"));
        assertEquals(
                80, cost(loaded(first), "openai", "openai", "gpt-6-luna", Usage.ofTokens(1, 0)));
        ConfigWatcher watcher = new ConfigWatcher(first.files());
        assertTrue(first.files().paths().contains(prices), first.files()::toString);
        Files.writeString(prices, Files.readString(prices).replace("0.08", "0.009"));
        assertTrue(watcher.poll());
        ConfigFile.Result second = Fixtures.read(folder.resolve("weir.yaml"));
        assertEquals(
                9, cost(loaded(second), "openai", "openai", "gpt-6-luna", Usage.ofTokens(1, 0)));
    }
}
