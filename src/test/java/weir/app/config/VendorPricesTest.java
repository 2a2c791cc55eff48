package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.price.ModelPrice;
import weir.price.Shelf;
import weir.usage.Kind;
import weir.usage.Usage;

/** The price book that ships, against what each vendor publishes. */
final class VendorPricesTest {
    /** Of no peak hour. */
    private static final Instant DAY = Instant.parse("2026-11-24T12:00:00Z");

    private static ModelPrice find(String provider, String model) {
        return find(provider, model, DAY);
    }

    private static ModelPrice find(String provider, String model, Instant at) {
        Shelf shelf = new Shelf(PriceBookReader.bundled(), provider, provider, at);
        return Objects.requireNonNull(shelf.find(model, at), provider + "/" + model);
    }

    private static void assertCost(long nanoUsd, ModelPrice price, Usage usage) {
        assertEquals(nanoUsd, price.costNanoUsd(usage, List.of()), usage.toString());
    }

    /** Nano-dollars of one unit. */
    @ParameterizedTest
    @CsvSource({
        "bedrock,   global.anthropic.claude-opus-5-5,             INPUT,          4000",
        "bedrock,   us.anthropic.claude-opus-5-5-v1:0,            INPUT,          4400",
        "bedrock,   eu.anthropic.claude-opus-5-5,                 OUTPUT,        22000",
        "bedrock,   anthropic.claude-opus-5-5,                    INPUT,          4400",
        "bedrock,   apac.amazon.nova-pro-v1:0,                    INPUT,           840",
        "bedrock,   amazon.nova-pro-v1:0,                         CACHED_INPUT,    200",
        "bedrock,   cohere.rerank-v3-5:0,                         SEARCH_UNITS, 2000000",
        "azure,     gpt-6-sol,                                    INPUT,          2000",
        "azure,     gpt-5.6-sol-2026-07-09,                       OUTPUT,        20000",
        "azure,     gpt-6-sol,                                    WEB_SEARCH, 14000000",
        "gemini,    gemini-3.8-flash,                             INPUT,           750",
        "gemini,    models/gemini-2.5-flash,                      CACHED_AUDIO_INPUT, 100",
        "gemini,    gemini-2.5-flash,                             CACHED_TEXT_INPUT, 30",
        "gemini,    gemini-2.5-flash,                             CACHED_INPUT,    100",
        "gemini,    gemini-2.5-flash,                             WEB_SEARCH, 35000000",
        "gemini,    gemini-3.8-flash,                             STORED_TOKEN_HOURS, 500",
        "gemini,    gemini-embedding-2,                           VIDEO_INPUT,   12000",
        "gemini,    veo-3.1-generate-preview,                     VIDEO_MILLIS, 600000",
        "vertex,    publishers/anthropic/models/claude-opus-5-5,  INPUT,          4000",
        "vertex,    claude-opus-4-1@20250805,                     OUTPUT,        75000",
    })
    void pricesOfTheClouds(String provider, String model, Kind kind, long nanoUsd) {
        assertCost(nanoUsd, find(provider, model), Usage.of(kind, 1));
    }

    /** Nano-dollars of one unit. */
    @ParameterizedTest
    @CsvSource({
        "xai,       grok-4.7,                                     CACHED_INPUT,    500",
        "xai,       grok-imagine-image,                           IMAGES,     20000000",
        "xai,       grok-voice-latest,                            REQUESTS,    4000000",
        "xai,       grok-4.7,                                     CODE_RUN,    5000000",
        "replicate, meta/meta-llama-3-70b-instruct,               OUTPUT,         2750",
        "groq,      openai/gpt-oss-120b,                          CACHED_INPUT,     75",
        "groq,      canopylabs/orpheus-v1-english,                CHARACTERS,    22000",
        "groq,      openai/gpt-oss-120b,                          PAGE_VISIT,  1000000",
        "cohere,    command-a-03-2025,                            OUTPUT,        10000",
        "cohere,    rerank-v4.0-pro,                              SEARCH_UNITS, 2500000",
        "cohere,    rerank-v5.0-pro,                              INPUT,            50",
        "cohere,    embed-v4.0,                                   IMAGE_INPUT,     470",
        "cohere,    parse-v5.0,                                   PAGES,       1500000",
        "cohere,    embed-english-v3.0,                           INPUT_IMAGES, 100000",
        "mistral,   mistral-medium-latest,                        INPUT,          1500",
        "mistral,   mistral-ocr-latest,                           ANNOTATED_PAGES, 5000000",
        "mistral,   voxtral-mini-latest,                          AUDIO_MILLIS,     50",
        "together,  MiniMaxAI/MiniMax-M3,                         CACHED_INPUT,     60",
        "together,  openai/gpt-oss-120b,                          OUTPUT,          600",
        "replicate, meta/llama-3-70b,                             OUTPUT,         2750",
        "replicate, hardware/t4,                                  HARDWARE_MILLIS, 225",
        "replicate, hardware/8x-a100-80gb,                        HARDWARE_MILLIS, 11200",
        "deepseek,  deepseek-flash,                               CACHED_INPUT,      3",
        "deepseek,  claude-opus-5-5,                              INPUT,           660",
        "deepseek,  claude-haiku-5-5,                             OUTPUT,          600",
        "deepseek,  tools.search,                                 REQUESTS,     750000",
        "openai,    whisper-1,                                    AUDIO_MILLIS,    100",
        "openai,    tts-1,                                        CHARACTERS,    15000",
    })
    void pricesOfTheOthers(String provider, String model, Kind kind, long nanoUsd) {
        assertCost(nanoUsd, find(provider, model), Usage.of(kind, 1));
    }

    /** Trap 18: the last prompt before the step, and the first one on it. */
    @ParameterizedTest
    @CsvSource({
        "openai,    gpt-6-luna,       272000, 100, 200",
        "xai,       grok-4.7,         199999, 2000, 4000",
        "gemini,    gemini-2.5-pro,   200000, 1250, 2500",
        "vertex,    gemini-3.1-pro-preview, 200000, 2000, 4000",
        "anthropic, claude-haiku-5-5, 100000, 100, 500",
        "bedrock,   global.anthropic.claude-haiku-5-5, 100000, 100, 500",
        "azure,     gpt-6-sol,        272000, 2000, 4000",
    })
    void trap18StepsOfContextLength(
            String provider, String model, long most, String before, String beyond) {
        ModelPrice price = find(provider, model);
        long first = most + 1;
        assertCost(most * Long.parseLong(before), price, Usage.ofTokens(most, 0));
        assertCost(first * Long.parseLong(beyond), price, Usage.ofTokens(first, 0));
    }

    /** Trap 18: introductory prices end, DeepSeek's peak hours double, on weekdays only. */
    @ParameterizedTest
    @CsvSource({
        "gemini,   gemini-3.8-flash, 2026-12-31T23:59:59Z,  750",
        "gemini,   gemini-3.8-flash, 2027-01-01T00:00:00Z, 1500",
        "vertex,   gemini-4-argon,   2026-11-30T23:59:59Z, 2000",
        "vertex,   gemini-4-argon,   2026-12-01T00:00:00Z, 4000",
        "deepseek, deepseek-flash,   2026-11-24T00:59:59Z,  150",
        "deepseek, deepseek-flash,   2026-11-24T01:00:00Z,  300",
        "deepseek, deepseek-flash,   2026-11-24T05:00:00Z,  150",
        "deepseek, deepseek-flash,   2026-11-24T09:59:59Z,  300",
        "deepseek, deepseek-flash,   2026-11-28T02:00:00Z,  150",
        "deepseek, deepseek-v4-pro,  2026-11-27T07:00:00Z, 1320",
    })
    void trap18PricesOfATime(String provider, String model, Instant at, long nanoUsd) {
        assertCost(nanoUsd, find(provider, model, at), Usage.of(Kind.INPUT, 1));
    }

    /** What was made costs by its size where the size is told, and the most where it is not. */
    @Test
    void videosCostByTheirSize() {
        ModelPrice video = find("xai", "grok-imagine-video");
        Usage second = Usage.of(Kind.VIDEO_MILLIS, 1_000);
        assertEquals(50_000_000, video.costNanoUsd(second, List.of("480p")));
        assertEquals(70_000_000, video.costNanoUsd(second, List.of("720p")));
        assertEquals(70_000_000, video.costNanoUsd(second, List.of()));
    }
}
