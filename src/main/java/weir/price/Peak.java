package weir.price;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * Hours with a price of their own, in UTC. Public holidays that a vendor excepts are not known
 * here, and so priced as other days.
 *
 * @param days on which these hours count, at least one
 * @param hours within one day, at least one
 */
public record Peak(Set<DayOfWeek> days, List<Hours> hours) {
    private static final int WEEK = 7;

    public Peak {
        days = Set.copyOf(days);
        hours = List.copyOf(hours);
        if (days.isEmpty() || hours.isEmpty()) {
            throw new IllegalArgumentException("peak hours have days and hours");
        }
    }

    /**
     * @param from the first moment
     * @param to the first moment after it, on the same day
     */
    public record Hours(LocalTime from, LocalTime to) {
        public Hours {
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException(
                        "hours end later on the day that they begin: " + from + " to " + to);
            }
        }
    }

    /** Whether any moment of the span is in these hours. */
    boolean touches(Span span) {
        LocalDateTime from = LocalDateTime.ofInstant(span.from(), ZoneOffset.UTC);
        LocalDateTime to = LocalDateTime.ofInstant(span.to(), ZoneOffset.UTC);
        LocalDate last = to.toLocalDate();
        if (last.isAfter(from.toLocalDate().plusDays(WEEK))) {
            return true;
        }
        for (LocalDate day = from.toLocalDate(); !day.isAfter(last); day = day.plusDays(1)) {
            for (Hours peak : days.contains(day.getDayOfWeek()) ? hours : List.<Hours>of()) {
                if (!day.atTime(peak.from()).isAfter(to) && from.isBefore(day.atTime(peak.to()))) {
                    return true;
                }
            }
        }
        return false;
    }
}
