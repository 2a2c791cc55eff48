package weir.limit;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * A calendar window in a named time zone; weeks begin on Monday, days follow daylight-saving
 * changes.
 */
public record Window(Period period, ZoneId zone) {
    private static final long HOUR_MILLIS = 3_600_000;

    /** The calendar unit after which a budget starts anew; {@link #TOTAL} never does. */
    public enum Period {
        HOUR,
        DAY,
        WEEK,
        MONTH,
        TOTAL;

        private final String word = name().toLowerCase(Locale.ROOT);

        public String word() {
            return word;
        }
    }

    /**
     * One turn of a window, in milliseconds since the epoch.
     *
     * @param startMillis inclusive; 0 for {@link Period#TOTAL}
     * @param endMillis exclusive; {@link #FOREVER} for {@link Period#TOTAL}
     */
    public record Span(long startMillis, long endMillis) {
        /** End of a window that never turns; below 2^53, so that Lua holds it exactly. */
        public static final long FOREVER = 1L << 52;

        public boolean contains(long millis) {
            return startMillis <= millis && millis < endMillis;
        }
    }

    /** The turn in which this moment lies. */
    public Span at(long epochMillis) {
        Instant now = Instant.ofEpochMilli(epochMillis);
        LocalDate today = now.atZone(zone).toLocalDate();
        return switch (period) {
            case HOUR -> hour(now);
            case DAY -> days(today, today.plusDays(1));
            case WEEK -> {
                LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield days(monday, monday.plusWeeks(1));
            }
            case MONTH -> {
                LocalDate first = today.withDayOfMonth(1);
                yield days(first, first.plusMonths(1));
            }
            case TOTAL -> new Span(0, Span.FOREVER);
        };
    }

    /**
     * Hours are counted in the zone's standard time, which daylight saving does not move: where a
     * clock goes back by half an hour, the hours that it shows overlap and would belong to no
     * window or to two.
     */
    private Span hour(Instant now) {
        long millis = now.toEpochMilli();
        long offsetMillis = zone.getRules().getStandardOffset(now).getTotalSeconds() * 1_000L;
        long start = millis - Math.floorMod(millis + offsetMillis, HOUR_MILLIS);
        return new Span(start, start + HOUR_MILLIS);
    }

    private Span days(LocalDate from, LocalDate to) {
        return new Span(midnight(from), midnight(to));
    }

    private long midnight(LocalDate date) {
        return date.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
