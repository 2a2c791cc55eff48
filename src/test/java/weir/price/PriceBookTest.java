package weir.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    @Test
    void findsNamesAndTheirVersions() {
        for (String name :
                List.of(
                        "gpt-6-luna",
                        "gpt-6-luna-2026-08-01",
                        "gpt-6-luna-20260801",
                        "gpt-6-luna-latest")) {
            assertSame(LUNA, book.find("openai", name), name);
        }
        assertSame(OLD, book.find("openai", "gpt-6-luna-2026-01-01"), "an exact name goes first");
        assertSame(CHAT, book.find("openai", "chat-latest"));
    }

    @Test
    void findsFineTunedModelsByTheirBase() {
        assertSame(TUNED, book.find("openai", "ft:gpt-6-luna:acme::7p4lURe"));
        assertSame(TUNED, book.find("openai", "ft:gpt-6-luna-2026-08-01:acme:name:7p4lURe"));
        assertNull(book.find("openai", "ft:gpt-7:acme::7p4lURe"));
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
            assertNull(book.find("openai", name), name);
        }
        assertNull(book.find("anthropic", "gpt-6-luna"));
    }

    @Test
    void isBounded() {
        Map<String, ModelPrice> many = new HashMap<>();
        for (int i = 0; i <= PriceBook.MAX_NAMES; i++) {
            many.put("model-" + i, LUNA);
        }
        assertThrows(
                IllegalArgumentException.class, () -> new PriceBook(DAY, Map.of("openai", many)));
        assertEquals(4, book.size());
    }
}
