package bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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
    enum Figure {
        CALLS("calls") {
            @Override
            double of(Measured row) {
                return row.outcome.calls();
            }
        },
        FAILED("failed") {
            @Override
            double of(Measured row) {
                return row.outcome.failures();
            }
        },
        PER_SECOND("calls_per_second") {
            @Override
            double of(Measured row) {
                return row.outcome.calls() / row.seconds;
            }
        },
        P50("p50_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.total, 50);
            }
        },
        P90("p90_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.total, 90);
            }
        },
        P99("p99_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.total, 99);
            }
        },
        P999("p99.9_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.total, 99.9);
            }
        },
        MAX("max_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.total, 100);
            }
        },
        FIRST_P50("first_byte_p50_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.firstByte, 50);
            }
        },
        FIRST_P99("first_byte_p99_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.firstByte, 99);
            }
        },
        GAP_P99("gap_difference_p99_ms") {
            @Override
            double of(Measured row) {
                return millis(row.outcome.gap, 99);
            }
        },
        CPU("cpu_ms_per_1000_calls") {
            @Override
            double of(Measured row) {
                return row.perThousand(row.cpuNanos);
            }
        },
        REDIS_CPU("redis_cpu_ms_per_1000_calls") {
            @Override
            double of(Measured row) {
                return row.perThousand(row.redisNanos);
            }
        },
        RESIDENT("resident_mb") {
            @Override
            double of(Measured row) {
                return row.residentBytes / 1e6;
            }
        };

        private final String column;

        Figure(String column) {
            this.column = column;
        }

        abstract double of(Measured row);

        String column() {
            return column;
        }
    }

    private static double millis(org.HdrHistogram.Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0
                ? Double.NaN
                : histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private double perThousand(long nanos) {
        return nanos / 1e6 / outcome.calls() * 1_000;
    }

    static String header() {
        return "scenario,contestant,round,"
                + List.of(Figure.values()).stream()
                        .map(Figure::column)
                        .collect(Collectors.joining(","));
    }

    String line() {
        return scenario
                + ","
                + contestant
                + ","
                + round
                + ","
                + List.of(Figure.values()).stream()
                        .map(figure -> number(figure.of(this)))
                        .collect(Collectors.joining(","));
    }

    /** A figure that there is not is left out. */
    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "";
    }
}
