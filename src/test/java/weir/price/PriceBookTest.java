package weir.price;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.usage.Kind;

final class PriceBookTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
    private static final ModelPrice LUNA = costing(1);
    private static final ModelPrice OLD = costing(2);
    private static final ModelPrice CHAT = costing(3);
    private static final ModelPrice TUNED = costing(4);

    private final PriceBook book =
            new PriceBook(
                    DAY,
                    Map.of(
                            "openai",
                            Map.of(
                                    "gpt-6-luna", LUNA,
                                    "gpt-6-luna-2026-01-01", OLD,
                                    "chat-latest", CHAT,
                                    "ft:gpt-6-luna", TUNED)));

    private static ModelPrice costing(long nanoUsd) {
        List<Step> steps = List.of(new Step(0, Rates.of(Map.of(Kind.INPUT, nanoUsd))));
        return new ModelPrice(steps, Map.of(), Map.of(), 1_000, 100);
    }

    private @Nullable ModelPrice find(String provider, String model) {
        return book.find(provider, provider, model);
    }

    @Test
    void findsNamesAndTheirVersions() {
        for (String name :
                List.of(
                        "gpt-6-luna",
                        "gpt-6-luna-2026-08-01",
                        "gpt-6-luna-20260801",
                        "gpt-6-luna-latest")) {
            assertSame(LUNA, find("openai", name), name);
        }
        assertSame(OLD, find("openai", "gpt-6-luna-2026-01-01"), "an exact name goes first");
        assertSame(CHAT, find("openai", "chat-latest"));
    }

    @Test
    void findsFineTunedModelsByTheirBase() {
        assertSame(TUNED, find("openai", "ft:gpt-6-luna:acme::7p4lURe"));
        assertSame(TUNED, find("openai", "ft:gpt-6-luna-2026-08-01:acme:name:7p4lURe"));
        assertNull(find("openai", "ft:gpt-7:acme::7p4lURe"));
    }

    @Test
    void neverTakesWhatOnlyBeginsAlike() {
        for (String name :
                List.of(
                        "gpt-6-luna-pro",
                        "gpt-6-lun",
                        "gpt-6-luna-",
                        "gpt-6-luna-2026-08",
                        "gpt-6-luna-2026-08-0१",
                        "gpt-6-luna-2026080",
                        "gpt-6-luna-202608011",
                        "gpt-6-luna-1926-08-01",
                        "gpt-6-luna-pro-2026-08-01",
                        "gpt-6-luna-2026-08-01-2026-08-01",
                        "gpt-6-luna-latest-latest",
                        "GPT-6-LUNA",
                        "chat",
                        "-latest",
                        "-2026-08-01",
                        "ft:",
                        "")) {
            assertNull(find("openai", name), name);
        }
        assertNull(find("anthropic", "gpt-6-luna"));
    }

    @Test
    void findsTheFormsThatVendorsHaveForOneName() {
        Map<String, ModelPrice> rows =
                Map.of(
                        "us.anthropic.claude-opus-5-5", LUNA,
                        "amazon.nova-pro-v1:0", OLD,
                        "gemini-3.8-flash", CHAT,
                        "owner/name", TUNED);
        PriceBook vendor = new PriceBook(DAY, Map.of("v", rows));
        String arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/";
        for (Map.Entry<String, ModelPrice> form :
                Map.of(
                                "us.anthropic.claude-opus-5-5-v1:0",
                                LUNA,
                                "us.anthropic.claude-opus-5-5-20260901-v1:0",
                                LUNA,
                                arn + "us.anthropic.claude-opus-5-5-v1:0",
                                LUNA,
                                "amazon.nova-pro-v1:0",
                                OLD,
                                "models/gemini-3.8-flash",
                                CHAT,
                                "publishers/google/models/gemini-3.8-flash",
                                CHAT,
                                "gemini-3.8-flash@20260901",
                                CHAT,
                                "owner/name:0123456789abcdef0123456789abcdef",
                                TUNED)
                        .entrySet()) {
            assertSame(form.getValue(), vendor.find("v", "v", form.getKey()), form.getKey());
        }
        for (String name :
                List.of(
                        "eu.anthropic.claude-opus-5-5",
                        "us.anthropic.claude-opus-5-5-v2",
                        "amazon.nova-pro",
                        "tunedmodels/gemini-3.8-flash",
                        "owner/name:tag",
                        arn,
                        "models/",
                        "@",
                        "arn:",
                        "-v1:0")) {
            assertNull(vendor.find("v", "v", name), name);
        }
    }

    @Test
    void patternsComeLastAndInTheirOrder() {
        Map<String, ModelPrice> rows = new LinkedHashMap<>();
        rows.put("qwen-max*", LUNA);
        rows.put("qwen*", OLD);
        rows.put("qwen-max-exact", CHAT);
        PriceBook local = new PriceBook(DAY, Map.of("vllm", rows));
        assertSame(LUNA, local.find("vllm", "vllm", "qwen-max-2"));
        assertSame(OLD, local.find("vllm", "vllm", "qwen"));
        assertSame(CHAT, local.find("vllm", "vllm", "qwen-max-exact"));
        assertNull(local.find("vllm", "vllm", "llama"));
    }

    @Test
    void theUpperBookAndTheProvidersOwnNameGoFirst() {
        PriceBook own =
                new PriceBook(
                        DAY,
                        Map.of(
                                "cheap", Map.of("gpt-6-luna", OLD),
                                "openai", Map.of("chat-*", TUNED)));
        PriceBook both = own.over(book);
        assertSame(OLD, both.find("cheap", "openai", "gpt-6-luna"));
        assertSame(LUNA, both.find("other", "openai", "gpt-6-luna"));
        assertSame(TUNED, both.find("cheap", "openai", "chat-latest"), "own prices go first");
        assertSame(OLD, both.find("cheap", "openai", "gpt-6-luna-2026-01-01"));
        assertNull(both.find("cheap", "anthropic", "chat-latest"));
        PriceBook third = new PriceBook(DAY, Map.of("openai", Map.of("new", CHAT))).over(both);
        assertSame(CHAT, third.find("openai", "openai", "new"));
        assertSame(LUNA, third.find("openai", "openai", "gpt-6-luna"));
    }

    @Test
    void isBounded() {
        Map<String, ModelPrice> many = new HashMap<>();
        for (int i = 0; i <= PriceBook.MAX_NAMES; i++) {
            many.put("model-" + i, LUNA);
        }
        assertThrows(
                IllegalArgumentException.class, () -> new PriceBook(DAY, Map.of("openai", many)));
    }
}
