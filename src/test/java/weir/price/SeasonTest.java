package weir.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.usage.Kind;
import weir.usage.Usage;

/** Prices that depend on the time: introductory ones and peak hours. */
final class SeasonTest {
    private static final LocalDate NEW_YEAR = LocalDate.of(2027, 1, 1);

    private static RateCard card(Season season, long nanoUsd) {
        Rates rates = Rates.of(Map.of(Kind.INPUT, nanoUsd * 1_000_000));
        return new RateCard(season, List.of(new Step(0, rates)), Map.of(), Map.of());
    }

    private static ModelPrice introductory() {
        return new ModelPrice(
                List.of(card(Season.ALWAYS.until(NEW_YEAR), 1), card(Season.from(NEW_YEAR), 2)),
                1_000,
                0);
    }

    /** DeepSeek's: twice the price on weekdays from 1 to 4 and from 6 to 10, UTC. */
    private static ModelPrice peak() {
        Peak peak =
                new Peak(
                        Set.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY),
                        List.of(hours("01:00", "04:00"), hours("06:00", "10:00")));
        return new ModelPrice(
                List.of(card(Season.ALWAYS, 1), card(Season.peak(peak), 2)), 1_000, 0);
    }

    private static Peak.Hours hours(String from, String to) {
        return new Peak.Hours(LocalTime.parse(from), LocalTime.parse(to));
    }

    private static long cost(ModelPrice price, String from, String to) {
        Span span = new Span(Instant.parse(from), Instant.parse(to));
        return price.during(span).costNanoUsd(Usage.ofTokens(1, 0), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-31T23:59:59Z, 2026-12-31T23:59:59Z, 1",
        "2026-12-31T23:59:59Z, 2027-01-01T00:00:00Z, 2",
        "2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z, 2",
        "2020-01-01T00:00:00Z, 2020-01-01T00:00:00Z, 1",
    })
    void introductoryPricesEnd(String from, String to, long nanoUsd) {
        assertEquals(nanoUsd, cost(introductory(), from, to));
    }

    /** 2026-11-23 is a Monday. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-23T00:59:59.999Z, 2026-11-23T00:59:59.999Z, 1",
        "2026-11-23T00:59:59Z, 2026-11-23T01:00:00Z, 2",
        "2026-11-23T01:00:00Z, 2026-11-23T01:00:00Z, 2",
        "2026-11-23T03:59:59Z, 2026-11-23T04:30:00Z, 2",
        "2026-11-23T04:00:00Z, 2026-11-23T05:59:59Z, 1",
        "2026-11-23T05:00:00Z, 2026-11-23T11:00:00Z, 2",
        "2026-11-23T10:00:00Z, 2026-11-24T00:59:59Z, 1",
        "2026-11-23T10:00:00Z, 2026-11-24T01:00:00Z, 2",
        "2026-11-25T01:00:00Z, 2026-11-25T10:00:00Z, 1",
        "2026-11-28T02:00:00Z, 2026-11-28T02:00:00Z, 1",
        "2026-11-25T11:00:00Z, 2026-11-29T23:00:00Z, 1",
        "2026-11-25T11:00:00Z, 2026-12-10T00:00:00Z, 2",
    })
    void peakHoursCountFromArrivalToCompletion(String from, String to, long nanoUsd) {
        assertEquals(nanoUsd, cost(peak(), from, to));
    }

    @Test
    void aQuoteTakesTheDearestOfWhatMayHold() {
        Span span =
                new Span(
                        Instant.parse("2026-12-31T23:59:00Z"),
                        Instant.parse("2027-01-01T01:00:00Z"));
        ModelPrice price = introductory().during(span);
        Ask ask = new Ask(10, 1, OptionalLong.of(0), 0, List.of());
        assertEquals(20, price.quote(ask).nanoUsd());
        assertTrue(price.covers(ask));
    }

    @Test
    void aShelfLooksFromTheArrivalOn() {
        PriceBook book = new PriceBook(NEW_YEAR, Map.of("vendor", Map.of("model", introductory())));
        Instant arrival = Instant.parse("2026-12-31T23:59:59Z");
        Shelf shelf = new Shelf(book, "name", "vendor", arrival);
        assertEquals(1, cost(shelf, arrival));
        assertEquals(2, cost(shelf, arrival.plusSeconds(1)));
        assertEquals(1, cost(shelf, arrival.minusSeconds(9)), "a clock may be set back");
        assertEquals(null, shelf.find("other", arrival));
    }

    private static long cost(Shelf shelf, Instant until) {
        ModelPrice price = Objects.requireNonNull(shelf.find("model", until));
        return price.costNanoUsd(Usage.ofTokens(1, 0), List.of());
    }

    @Test
    void mediaWithoutAPriceAreNotCovered() {
        ModelPrice tokens = ModelPriceOf.rates(Map.of(Kind.INPUT, 1L));
        ModelPrice free = ModelPriceOf.rates(Map.of(Kind.INPUT, 0L));
        ModelPrice images = ModelPriceOf.rates(Map.of(Kind.IMAGES, 7L));
        ModelPrice pages = ModelPriceOf.rates(Map.of(Kind.PAGES, 7L));
        assertTrue(tokens.covers(ask(Usage.NONE)));
        assertTrue(free.covers(ask(Usage.NONE)), "a price of 0 is a price");
        assertFalse(tokens.covers(ask(Usage.of(Kind.IMAGES, 1))));
        assertTrue(images.covers(ask(Usage.of(Kind.IMAGES, 2))));
        assertEquals(14, images.quote(ask(Usage.of(Kind.IMAGES, 2))).nanoUsd());
        assertFalse(images.covers(ask(Usage.NONE)), "it has no price for tokens");
        assertFalse(images.covers(ask(Usage.of(Kind.REQUESTS, 1))));
        assertTrue(pages.covers(ask(Usage.of(Kind.ANNOTATED_PAGES, 1))));
    }

    private static Ask ask(Usage media) {
        return new Ask(5, 1, 1, OptionalLong.of(5), 0, List.of(), media);
    }

    /** Shorter than the constructors. */
    private static final class ModelPriceOf {
        static ModelPrice rates(Map<Kind, Long> rates) {
            List<Step> steps = List.of(new Step(0, Rates.of(rates)));
            return new ModelPrice(steps, Map.of(), Map.of(), 1_000, 1_000);
        }
    }

    @Test
    void hoursAndMillisecondsAreExact() {
        ModelPrice hour = ModelPriceOf.rates(Map.of(Kind.AUDIO_MILLIS, 360_000_000L));
        assertEquals(100, hour.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 1), List.of()));
        assertEquals(100_000, hour.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 1_000), List.of()));
        ModelPrice third = ModelPriceOf.rates(Map.of(Kind.AUDIO_MILLIS, 40_000_000L));
        assertEquals(
                40_000_000, third.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 3_600_000), List.of()));
        assertEquals(34, third.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 3), List.of()));
        assertEquals(100, third.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 9), List.of()));
        assertEquals(110, third.costNanoUsd(Usage.of(Kind.AUDIO_MILLIS, 9), List.of("us")));
    }

    @Test
    void refusesWhatCannotBeATime() {
        LocalTime one = LocalTime.of(1, 0);
        Peak.Hours hours = hours("01:00", "02:00");
        assertThrows(IllegalArgumentException.class, () -> new Peak.Hours(one, one));
        assertThrows(IllegalArgumentException.class, () -> new Peak(Set.of(), List.of(hours)));
        Instant now = Instant.EPOCH;
        assertThrows(IllegalArgumentException.class, () -> new Span(now, now.minusSeconds(1)));
        Season from = Season.from(NEW_YEAR);
        assertThrows(IllegalArgumentException.class, () -> from.until(NEW_YEAR));
        assertThrows(IllegalArgumentException.class, () -> new ModelPrice(List.of(), 1, 1));
    }
}
