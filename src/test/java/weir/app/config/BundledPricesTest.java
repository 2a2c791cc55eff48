package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.price.ModelPrice;
import weir.price.PriceBook;
import weir.price.Shelf;
import weir.usage.Kind;
import weir.usage.Usage;

/** The price book that ships, against published prices and another program's calculation. */
final class BundledPricesTest {
    private static final PriceBook BOOK = PriceBookReader.bundled();

    private static final List<String> VENDORS =
            List.of(
                    "openai",
                    "anthropic",
                    "bedrock",
                    "azure",
                    "gemini",
                    "vertex",
                    "xai",
                    "groq",
                    "cohere",
                    "mistral",
                    "together",
                    "replicate",
                    "deepseek");

    /** Of no peak hour. */
    private static final Instant DAY = Instant.parse("2026-11-24T12:00:00Z");

    private static ModelPrice find(String provider, String model) {
        return find(provider, model, DAY);
    }

    private static ModelPrice find(String provider, String model, Instant at) {
        ModelPrice price = new Shelf(BOOK, provider, provider, at).find(model, at);
        return Objects.requireNonNull(price, provider + "/" + model);
    }

    /**
     * Nano-dollars a token: input, cached input, short cache write, long cache write, output; then
     * the most input tokens before the step, and input and output beyond it.
     */
    @ParameterizedTest
    @CsvSource({
        "openai,    gpt-6-astra,      10000 1000 12500 25000 50000 272000 20000 75000",
        "openai,    gpt-6.1-sol,       2000  100  2500  5000 10000 272000  4000 15000",
        "openai,    gpt-6-luna,         100   10   125   250   500 272000   200   750",
        "anthropic, claude-fable-5-2,  8000  200 10000 16000 40000 900000  8000 40000",
        "anthropic, claude-opus-5-5,   4000  200  5000  8000 20000 900000  4000 20000",
        "anthropic, claude-haiku-5-5,   100   10   125   200   500 100000   500  2500",
    })
    void publishedPrices(String provider, String model, String numbers) {
        ModelPrice price = find(provider, model);
        long[] nanoUsd = Stream.of(numbers.split(" +")).mapToLong(Long::parseLong).toArray();
        boolean openai = provider.equals("openai");
        assertCost(nanoUsd[0], price, Usage.of(Kind.INPUT, 1));
        assertCost(nanoUsd[1], price, Usage.of(Kind.CACHED_INPUT, 1));
        Kind write = openai ? Kind.CACHE_WRITE_30M : Kind.CACHE_WRITE_5M;
        assertCost(nanoUsd[2], price, Usage.of(write, 1));
        Kind longWrite = openai ? Kind.CACHE_WRITE_12H : Kind.CACHE_WRITE_1H;
        assertCost(nanoUsd[3], price, Usage.of(longWrite, 1));
        assertCost(nanoUsd[4], price, Usage.of(Kind.OUTPUT, 1));
        assertCost(nanoUsd[4], price, Usage.of(Kind.REASONING, 1));
        assertCost(10_000_000, price, Usage.of(Kind.WEB_SEARCH, 1));
        long most = nanoUsd[5];
        assertCost(most * nanoUsd[0] + nanoUsd[4], price, Usage.ofTokens(most, 1));
        long above = most + 1;
        assertCost(above * nanoUsd[6] + nanoUsd[7], price, Usage.ofTokens(above, 1));
    }

    private static void assertCost(long nanoUsd, ModelPrice price, Usage usage) {
        assertEquals(nanoUsd, price.costNanoUsd(usage, List.of()), usage.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-6-astra, batch, 5000, 25000",
        "openai, gpt-6-astra, flex, 5000, 25000",
        "openai, gpt-6-astra, priority, 20000, 100000",
        "openai, gpt-6-astra, fast, 20000, 100000",
        "openai, gpt-6-astra, ultrafast, 60000, 300000",
        "openai, gpt-6-astra, us, 11000, 55000",
        "openai, gpt-4o, priority, 4250, 17000",
        "openai, gpt-4o, batch, 1250, 5000",
        "anthropic, claude-fable-5-2, fast, 16000, 80000",
        "anthropic, claude-opus-5-5, batch, 2000, 10000",
        "anthropic, claude-opus-5-5, us, 4400, 22000",
        "anthropic, claude-haiku-5-5, batch, 50, 250",
    })
    void publishedTerms(String provider, String model, String term, long input, long output) {
        ModelPrice price = find(provider, model);
        assertEquals(input, price.costNanoUsd(Usage.ofTokens(1, 0), List.of(term)));
        assertEquals(output, price.costNanoUsd(Usage.ofTokens(0, 1), List.of(term)));
    }

    @Test
    void agreesWithTheCalculationOfGenaiPrices() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/golden/price/genai-prices.json")) {
            JsonNode cases = new ObjectMapper().readTree(in).get("cases");
            assertTrue(cases.size() >= 500);
            for (JsonNode c : cases) {
                ModelPrice price =
                        find(
                                c.get("provider").textValue(),
                                c.get("model").textValue(),
                                Instant.parse(c.get("at").textValue()));
                List<String> terms = c.get("terms").valueStream().map(JsonNode::textValue).toList();
                BigDecimal nanoUsd = new BigDecimal(c.get("usd").textValue()).movePointRight(9);
                assertEquals(
                        nanoUsd.setScale(0, RoundingMode.CEILING).longValueExact(),
                        price.costNanoUsd(usage(c.get("usage")), terms),
                        c::toString);
            }
        }
    }

    private static Usage usage(JsonNode amounts) {
        Usage.Tally tally = new Usage.Tally();
        amounts.properties()
                .forEach(e -> {
                    String kind = e.getKey().toUpperCase(Locale.ROOT).replace('-', '_');
                    tally.set(Kind.valueOf(kind), e.getValue().longValue());
                });
        return tally.toUsage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "batch", "flex", "priority", "fast", "ultrafast", "us", "?"})
    void moreInputNeverCostsLess(String term) {
        for (String provider : VENDORS) {
            for (String name : BOOK.names(provider)) {
                ModelPrice price = find(provider, name);
                long before = -1;
                for (long tokens = 0; tokens < 1_200_000; tokens += 10_001) {
                    long cost = price.costNanoUsd(Usage.ofTokens(tokens, 100), List.of(term));
                    assertTrue(cost >= before, name + " at " + tokens);
                    before = cost;
                }
            }
        }
    }

    @Test
    void knowsOldAndSpecialModelsAndNothingThatItCannotPrice() {
        for (String name :
                List.of(
                        "gpt-4o",
                        "gpt-4o-2024-11-20",
                        "gpt-4.1-mini",
                        "gpt-5",
                        "gpt-5-chat-latest",
                        "gpt-5.6-sol",
                        "o3-2025-04-16",
                        "o4-mini",
                        "text-embedding-3-small",
                        "gpt-audio",
                        "gpt-image-2.5-flare",
                        "ft:gpt-4o-2024-08-06:acme::id")) {
            assertNotNull(BOOK.find("openai", "openai", name), name);
        }
        for (String name :
                List.of(
                        "claude-3-5-haiku-latest",
                        "claude-3-haiku-20240307",
                        "claude-sonnet-4-20250514",
                        "claude-opus-4-1-20250805",
                        "claude-haiku-4-5-20251001",
                        "claude-opus-4-8")) {
            assertNotNull(BOOK.find("anthropic", "anthropic", name), name);
        }
        for (String name : List.of("gpt-4o-audio-preview", "gpt-6", "gpt-6-luna-pro", "")) {
            assertNull(BOOK.find("openai", "openai", name), name);
        }
    }

    @Test
    void audioAndImagesHaveTheirOwnPrices() {
        ModelPrice audio = find("openai", "gpt-audio");
        assertCost(32_000, audio, Usage.of(Kind.AUDIO_INPUT, 1));
        assertCost(64_000, audio, Usage.of(Kind.AUDIO_OUTPUT, 1));
        ModelPrice image = find("openai", "gpt-image-2.5-flare");
        assertCost(5_000, image, Usage.of(Kind.INPUT, 1));
        assertCost(8_000, image, Usage.of(Kind.IMAGE_INPUT, 1));
        assertCost(30_000, image, Usage.of(Kind.IMAGE_OUTPUT, 1));
        assertCost(20, find("openai", "text-embedding-3-small"), Usage.of(Kind.INPUT, 1));
        assertEquals(0, find("openai", "text-embedding-3-small").maxOutputTokens());
        assertEquals(300_000, find("openai", "text-embedding-3-small").contextTokens());
        ModelPrice search = find("openai", "gpt-4o-search-preview");
        assertCost(25_000_000, search, Usage.of(Kind.WEB_SEARCH, 1));
        assertCost(2_500_000, find("openai", "gpt-6-luna"), Usage.of(Kind.FILE_SEARCH, 1));
    }
}
