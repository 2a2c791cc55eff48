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
