package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.price.ModelPrice;
import weir.price.PriceBook;
import weir.price.Shelf;
import weir.usage.Kind;
import weir.usage.Usage;

final class PriceBookReaderTest {
    private static final String BOOK =
            """
            {"date": "2026-11-24", "sources": ["me"], "unit": "u", "notes": "n",
            "rows": [
            {"provider": "p", "models": ["a", "b"], "context": 900, "max-output": 90,\
             "steps": [{"from": 0, "usd": {"input": "2", "web-search": "0.01"}},\
             {"from": 100, "usd": {"input": "4"}}],\
             "tiers": {"batch": "0.5", "fast": [{"from": 0, "usd": {"input": "7"}}]},\
             "regions": {"us": "1.1"}, "notes": "x"}
            ]}
            """;

    private static PriceBook read(String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return PriceBookReader.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void readsEveryField() throws IOException {
        PriceBook book = read(BOOK);
        assertEquals(LocalDate.of(2026, 11, 24), book.date());
        Instant day = Instant.parse("2026-11-24T12:00:00Z");
        ModelPrice price = new Shelf(book, "p", "p", day).find("b", day);
        assertNotNull(price);
        assertEquals(900, price.contextTokens());
        assertEquals(90, price.maxOutputTokens());
        assertEquals(10 * 2_000, price.costNanoUsd(Usage.ofTokens(10, 0), List.of()));
        assertEquals(100 * 4_000, price.costNanoUsd(Usage.ofTokens(100, 0), List.of()));
        assertEquals(10 * 1_000, price.costNanoUsd(Usage.ofTokens(10, 0), List.of("batch")));
        assertEquals(100 * 2_000, price.costNanoUsd(Usage.ofTokens(100, 0), List.of("batch")));
        assertEquals(100 * 7_000, price.costNanoUsd(Usage.ofTokens(100, 0), List.of("fast")));
        assertEquals(10 * 2_200, price.costNanoUsd(Usage.ofTokens(10, 0), List.of("us")));
        assertEquals(10_000_000, price.costNanoUsd(Usage.of(Kind.WEB_SEARCH, 1), List.of()));
    }

    private static final String DATED =
            """
            {"date": "2026-11-24", "rows": [
            {"provider": "p", "models": ["a*"], "context": 900, "max-output": 90,\
             "steps": [{"from": 0, "usd": {"audio-hours": "0.36"}}],\
             "later": [{"from": "2027-01-01", "steps": [{"from": 0, "usd": {"audio-hours": "0.72"}}]}],\
             "peak": {"days": ["mon"], "hours": ["01:00-04:00"],\
             "steps": [{"from": 0, "usd": {"audio-hours": "3.6"}}]}}
            ]}
            """;

    /** 2026-11-23 is a Monday. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-24T12:00:00Z, 100",
        "2026-11-23T02:00:00Z, 1000",
        "2027-01-01T00:00:00Z, 200"
    })
    void readsPricesOfOtherTimes(Instant at, long nanoUsd) throws IOException {
        ModelPrice price = new Shelf(read(DATED), "p", "p", at).find("any", at);
        assertNotNull(price);
        assertEquals(nanoUsd, price.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 1), List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "mon" | "monday" | /rows/0/peak/days/0 | mon, tue
                    01:00-04:00 | 04:00-01:00 | /rows/0/peak/hours/0 | hours of one day
                    01:00-04:00 | 01:00 | /rows/0/peak/hours/0 | hours of one day
                    ["01:00-04:00"] | [] | /rows/0/peak | peak hours
                    "from": "2027-01-01" | "from": "soon" | /rows/0/later/0/from | a date
                    "from": "2027-01-01", |  | /rows/0/later/0 | from
                    "days" | "day" | /rows/0/peak/day | days, hours
                    """)
    void refusesOtherTimes(String good, String bad, String where, String why) {
        refuses(DATED, good, bad, where, why);
    }

    /** What stands in the good book, what is put there instead, and two things the error says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "input": "2" | "input": "-2" | line 3, /rows/0/steps/0/usd/input | plain decimal number
                    "input": "2" | "input": "2e0" | line 3, /rows/0/steps/0/usd/input | '2e0'
                    "input": "2" | "input": 2 | line 3, /rows/0/steps/0/usd/input | a string
                    "input": "2" | "input": "0.0000000001" | /rows/0/steps/0/usd/input | at most 9 decimals
                    "input": "2" | "input": "200000" | line 3, /rows/0/steps/0 | allowed is 0 to
                    "input": "2" | "inputs": "2" | /rows/0/steps/0/usd/inputs | no such field
                    "input": "2", | "input": "2", "input": "2", | line 3 | Duplicate
                    "from": 0 | "from": -1 | /rows/0/steps/0/from | whole number
                    "from": 0 | "from": 0.5 | /rows/0/steps/0/from | whole number
                    "from": 0 | "form": 0 | /rows/0/steps/0/form | from, usd
                    "from": 100 | "from": 0 | line 3, /rows/0 | ascend
                    "context": 900 | "context": 99999999999999999999 | /rows/0/context | whole number
                    "context": 900 | "context": 0 | line 3, /rows/0 | context window
                    "context": 900, |  | line 3, /rows/0 | context
                    "provider": "p", |  | line 3, /rows/0 | provider
                    "max-output": 90 | "max-output": null | /rows/0/max-output | whole number
                    "0.5" | "half" | /rows/0/tiers/batch | factor
                    "0.5" | "0.0005" | /rows/0/tiers/batch | factor
                    "1.1" | "0.9" | line 3, /rows/0 | uplift us
                    "notes": "x" | "note": "x" | /rows/0/note | no such field
                    "models": ["a", "b"] | "models": ["a", "a"] | line 3, /rows/0 | one row for a
                    "models": ["a", "b"] | "models": [] | line 3, /rows/0 | a row with a model
                    "0.5" | "0" | /rows/0/tiers/batch | factor of 0
                    "0.5" | "99" | /rows/0/tiers/batch | factor of 99000
                    "models": ["a", "b"] | "models": "a" | /rows/0/models | an array
                    "date": "2026-11-24" | "date": "24.11.2026" | line 1, /date | a date
                    """)
    void refusesWhatItDoesNotUnderstand(String good, String bad, String where, String why) {
        refuses(BOOK, good, bad, where, why);
    }

    private static void refuses(String book, String good, String bad, String where, String why) {
        assertTrue(book.contains(good), good);
        String broken = book.replace(good, bad == null ? "" : bad);
        var e = assertThrows(IllegalArgumentException.class, () -> read(broken));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(where), message);
        assertTrue(message.contains(why), message);
    }

    @Test
    void refusesWhatEndsTooEarlyOrTooLate() {
        String half = BOOK.substring(0, BOOK.length() / 2);
        assertThrows(IllegalArgumentException.class, () -> read(half));
        assertThrows(IllegalArgumentException.class, () -> read(""));
        assertThrows(IllegalArgumentException.class, () -> read("[]"));
        assertThrows(IllegalArgumentException.class, () -> read(BOOK + "{}"));
        assertThrows(IllegalArgumentException.class, () -> read("{\"rows\": []}"));
    }
}
