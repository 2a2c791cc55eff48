package bench;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * One round of one scenario with one contestant.
 *
 * @param seconds how long it took, with the answers that were waited for
 * @param cpuNanos of the contestant and all its processes
 * @param redisNanos of Redis at the same time
 * @param residentBytes of the contestant at the end
 */
record Measured(
        String scenario,
        String contestant,
        int round,
        Outcome outcome,
        double seconds,
        long cpuNanos,
        long redisNanos,
        long residentBytes) {

    /** A column of the CSV file: its name with its unit, and its figure. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    enum Figure {
        CALLS("calls", row -> row.outcome.calls()),
        FAILED("failed", row -> row.outcome.failures()),
        PER_SECOND("calls_per_second", row -> row.outcome.calls() / row.seconds),
        P50("p50_ms", row -> millis(row.outcome.total, 50)),
        P90("p90_ms", row -> millis(row.outcome.total, 90)),
        P99("p99_ms", row -> millis(row.outcome.total, 99)),
        P999("p99.9_ms", row -> millis(row.outcome.total, 99.9)),
        MAX("max_ms", row -> millis(row.outcome.total, 100)),
        FIRST_P50("first_byte_p50_ms", row -> millis(row.outcome.firstByte, 50)),
        FIRST_P99("first_byte_p99_ms", row -> millis(row.outcome.firstByte, 99)),
        GAP_P99("gap_difference_p99_ms", row -> millis(row.outcome.gap, 99)),
        CPU("cpu_ms_per_1000_calls", row -> row.perThousand(row.cpuNanos)),
        REDIS_CPU("redis_cpu_ms_per_1000_calls", row -> row.perThousand(row.redisNanos)),
        RESIDENT("resident_mb", row -> row.residentBytes / 1e6);

        private final String column;
        private final ToDoubleFunction<Measured> value;

        Figure(String column, ToDoubleFunction<Measured> value) {
            this.column = column;
            this.value = value;
        }

        double of(Measured row) {
            return value.applyAsDouble(row);
        }

        String column() {
            return column;
        }
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0
                ? Double.NaN
                : histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private double perThousand(long nanos) {
        return nanos / 1e6 / outcome.calls() * 1_000;
    }

    static String header() {
        return "scenario,contestant,round," + columns(Figure::column);
    }

    String line() {
        return String.join(",", scenario, contestant, Integer.toString(round), figures());
    }

    private String figures() {
        return columns(figure -> number(figure.of(this)));
    }

    private static String columns(Function<Figure, String> text) {
        return Stream.of(Figure.values()).map(text).collect(Collectors.joining(","));
    }

    /** A figure that there is not is left out. */
    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "";
    }
}
