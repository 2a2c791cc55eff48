package weir.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weir.limit.Window.Period;
import weir.limit.Window.Span;

final class WindowTest {
    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    @ParameterizedTest
    @CsvSource({
        "HOUR,  UTC,           2026-11-27T10:20:30Z, 2026-11-27T10:00:00Z, 2026-11-27T11:00:00Z",
        "HOUR,  Asia/Kolkata,  2026-11-27T10:20:30Z, 2026-11-27T09:30:00Z, 2026-11-27T10:30:00Z",
        "DAY,   UTC,           2026-11-27T00:00:00Z, 2026-11-27T00:00:00Z, 2026-11-28T00:00:00Z",
        "DAY,   Europe/Berlin, 2026-11-27T23:30:00Z, 2026-11-27T23:00:00Z, 2026-11-28T23:00:00Z",
        "DAY,   Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "DAY,   Europe/Berlin, 2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        "HOUR,  Europe/Berlin, 2026-10-25T01:30:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
        "WEEK,  UTC,           2026-11-29T23:59:59Z, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "WEEK,  UTC,           2026-11-30T00:00:00Z, 2026-11-30T00:00:00Z, 2026-12-07T00:00:00Z",
        "WEEK,  Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-22T23:00:00Z, 2026-03-29T22:00:00Z",
        "WEEK,  UTC,           2027-01-01T12:00:00Z, 2026-12-28T00:00:00Z, 2027-01-04T00:00:00Z",
        "WEEK,  Europe/Berlin, 2026-10-25T12:00:00Z, 2026-10-18T22:00:00Z, 2026-10-25T23:00:00Z",
        "DAY,   Europe/Berlin, 2026-12-31T22:59:59Z, 2026-12-30T23:00:00Z, 2026-12-31T23:00:00Z",
        "DAY,   Europe/Berlin, 2026-12-31T23:00:00Z, 2026-12-31T23:00:00Z, 2027-01-01T23:00:00Z",
        "DAY,   Asia/Kathmandu, 2026-11-27T18:14:59Z, 2026-11-26T18:15:00Z, 2026-11-27T18:15:00Z",
        "HOUR,  Asia/Kathmandu, 2026-11-27T10:20:30Z, 2026-11-27T10:15:00Z, 2026-11-27T11:15:00Z",
        "HOUR,  Europe/Berlin, 2026-03-29T00:59:59Z, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z",
        "MONTH, America/New_York, 2026-03-31T12:00:00Z, 2026-03-01T05:00:00Z, 2026-04-01T04:00:00Z",
        "MONTH, UTC,           2028-02-29T12:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
        "MONTH, UTC,           2026-12-31T23:59:59Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "MONTH, Europe/Berlin, 2026-10-31T23:30:00Z, 2026-10-31T23:00:00Z, 2026-11-30T23:00:00Z"
    })
    void turnsWhereTheCalendarSays(
            Period period, ZoneId zone, String now, String start, String end) {
        Span span = new Window(period, zone).at(millis(now));
        assertEquals(Instant.parse(start), Instant.ofEpochMilli(span.startMillis()));
        assertEquals(Instant.parse(end), Instant.ofEpochMilli(span.endMillis()));
    }

    /** Clocks that move by half an hour, days without a midnight, and a day that never was. */
    @ParameterizedTest
    @CsvSource({
        // Lord Howe Island: 23.5 h when summer begins, 24.5 h when it ends.
        "DAY,Australia/Lord_Howe,2026-10-04T00:00:00Z,2026-10-03T13:30:00Z,2026-10-04T13:00:00Z",
        "DAY,Australia/Lord_Howe,2026-04-05T00:00:00Z,2026-04-04T13:00:00Z,2026-04-05T13:30:00Z",
        // Cairo: summer begins at midnight, so the day begins at one.
        "DAY, Africa/Cairo, 2026-04-24T12:00:00Z, 2026-04-23T22:00:00Z, 2026-04-24T21:00:00Z",
        // Havana: the clock shows midnight to one twice; the day begins with the first.
        "DAY, America/Havana, 2026-11-01T12:00:00Z, 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z",
        // Santiago: summer begins at midnight of a Sunday.
        "WEEK, America/Santiago, 2026-09-06T12:00:00Z, 2026-08-31T04:00:00Z, 2026-09-07T03:00:00Z",
        // Samoa skipped the 30th of December 2011.
        "DAY, Pacific/Apia, 2011-12-30T09:59:59Z, 2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z",
        "DAY, Pacific/Apia, 2011-12-30T10:00:00Z, 2011-12-30T10:00:00Z, 2011-12-31T10:00:00Z"
    })
    void daysAreAsLongAsTheZoneMakesThem(
            Period period, ZoneId zone, String now, String start, String end) {
        turnsWhereTheCalendarSays(period, zone, now, start, end);
    }

    @Test
    void aTotalWindowIsForEver() {
        Window total = new Window(Period.TOTAL, ZoneId.of("UTC"));
        assertEquals(new Span(0, Span.FOREVER), total.at(0));
        assertTrue(total.at(0).contains(millis("9999-12-31T00:00:00Z")));
    }

    /**
     * In every zone, around every change of its clock for years to come: a moment lies in its
     * window, a window is the same from its first to its last millisecond, and the next begins
     * where it ends.
     */
    @ParameterizedTest
    @EnumSource(Period.class)
    void windowsPartitionTimeInEveryZone(Period period) {
        for (String id : ZoneId.getAvailableZoneIds()) {
            Window window = new Window(period, ZoneId.of(id));
            Instant after = Instant.parse("2026-01-01T00:00:00Z");
            for (int changes = 0; changes < 6; changes++) {
                ZoneOffsetTransition change = window.zone().getRules().nextTransition(after);
                if (change == null) {
                    break;
                }
                after = change.getInstant();
                for (int minutes = -180; minutes <= 180; minutes += 15) {
                    assertPartition(window, after.plus(Duration.ofMinutes(minutes)).toEpochMilli());
                }
            }
        }
    }

    private static void assertPartition(Window window, long millis) {
        Span span = window.at(millis);
        String where = window + " at " + Instant.ofEpochMilli(millis) + ": " + span;
        assertTrue(span.contains(millis), where);
        assertEquals(span, window.at(span.startMillis()), where);
        assertEquals(span, window.at(span.endMillis() - 1), where);
        if (window.period() != Period.TOTAL) {
            assertEquals(span.endMillis(), window.at(span.endMillis()).startMillis(), where);
        }
    }
}
