package weir.limit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A budget whose spend has reached one of its soft thresholds.
 *
 * @param standing of a claim of money
 * @param percent of the budget, 1 to 99
 */
public record Crossing(Standing standing, int percent) {
    /** The thresholds that this counter has reached, ascending; none for one without money. */
    public static List<Crossing> of(Standing standing) {
        List<Integer> percents = thresholds(standing);
        if (percents.isEmpty()) {
            return List.of();
        }
        return percents.stream()
                .filter(percent -> reached(standing, standing.used(), percent))
                .map(percent -> new Crossing(standing, percent))
                .toList();
    }

    private static List<Integer> thresholds(Standing standing) {
        Claim claim = standing.claim();
        return claim.isMoney() ? claim.limit().policy().softPercents() : List.of();
    }

    /**
     * Whether a threshold will be reached if everything that is held is spent, and so much beside.
     */
    public static boolean isNear(Standing standing, long moreNanoUsd) {
        long most = standing.used() + standing.reserved() + standing.leased() + moreNanoUsd;
        for (int percent : thresholds(standing)) {
            if (!reached(standing, standing.used(), percent) && reached(standing, most, percent)) {
                return true;
            }
        }
        return false;
    }

    /** No sum here overflows: money stays below 2^53. */
    private static boolean reached(Standing standing, long nanoUsd, int percent) {
        return nanoUsd * 100 >= standing.limit() * percent;
    }

    /** What is the same for everybody who sees this crossing, and for nobody who sees another. */
    public Id id() {
        Claim claim = standing.claim();
        return new Id(
                claim.limit().name(),
                claim.scope(),
                standing.windowStartMillis(),
                percent,
                standing.limit());
    }

    /**
     * Names a crossing. A changed amount is another threshold to cross: who raises a budget wants
     * to hear of it again.
     */
    public record Id(
            String limit,
            List<String> scope,
            long windowStartMillis,
            int percent,
            long limitNanoUsd) {}

    /** The counter's values by what they are values of, in the limit's order. */
    public Map<String, String> scope() {
        Map<String, String> scope = new LinkedHashMap<>();
        List<Dimension> per = standing.claim().limit().per();
        for (int i = 0; i < per.size(); i++) {
            Dimension dimension = per.get(i);
            String source = dimension.source().name().toLowerCase(Locale.ROOT);
            String word = dimension.name().isEmpty() ? source : source + ":" + dimension.name();
            scope.put(word, standing.claim().scope().get(i));
        }
        return scope;
    }

    /** Whose budget it is; null for one that several tenants share. */
    public @Nullable String tenant() {
        Claim claim = standing.claim();
        return claim.limit().belongsToOneTenant() ? claim.tenant() : null;
    }

    /** The first moment of the budget's window; null where it never turns. */
    public @Nullable Instant windowStart() {
        return turns() ? Instant.ofEpochMilli(standing.windowStartMillis()) : null;
    }

    /** The first moment of the next window; null where there is none. */
    public @Nullable Instant windowEnd() {
        return turns() ? Instant.ofEpochMilli(endMillis()) : null;
    }

    /** Exclusive; {@link Window.Span#FOREVER} where the window never turns. */
    public long endMillis() {
        return standing.claim().meter() instanceof Meter.Spend spend
                ? spend.window().at(standing.windowStartMillis()).endMillis()
                : Window.Span.FOREVER;
    }

    private boolean turns() {
        return endMillis() != Window.Span.FOREVER;
    }
}
