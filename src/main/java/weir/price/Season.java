package weir.price;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * When a price is in force. Days begin at midnight UTC, which no list says otherwise.
 *
 * @param from the first moment
 * @param until the first moment after it
 * @param peak the hours to which it is limited within that time; null for all of them
 */
public record Season(Instant from, Instant until, @Nullable Peak peak) {
    public static final Season ALWAYS = new Season(Instant.MIN, Instant.MAX, null);

    public Season {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("a price ends after it begins, not at " + until);
        }
    }

    public static Season peak(Peak peak) {
        return new Season(Instant.MIN, Instant.MAX, peak);
    }

    /** The same until the beginning of this day. */
    public Season until(LocalDate day) {
        return new Season(from, startOf(day), peak);
    }

    /** From the beginning of this day on. */
    public static Season from(LocalDate day) {
        return new Season(startOf(day), Instant.MAX, null);
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Whether the price is in force at any moment of the span. */
    boolean touches(Span span) {
        boolean dates = !from.isAfter(span.to()) && span.from().isBefore(until);
        return dates && (peak == null || peak.touches(span));
    }
}
