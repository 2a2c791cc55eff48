package bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * One load by hand, against anything that speaks OpenAI's chat endpoint.
 *
 * <pre> LoadMain PORT PATH KEY (rate PER_SECOND | callers COUNT) SECONDS [CHUNKS GAP_MILLIS] </pre>
 */
public final class LoadMain {
    private LoadMain() {}

    public static void main(String[] args) throws InterruptedException {
        Target target = new Target("by hand", Integer.parseInt(args[0]), args[1], args[2]);
        int much = Integer.parseInt(args[4]);
        int seconds = Integer.parseInt(args[5]);
        Shape shape =
                args.length > 7
                        ? Shape.stream(Integer.parseInt(args[6]), Integer.parseInt(args[7]))
                        : Shape.PLAIN;
        try (Load load = new Load()) {
            Outcome outcome =
                    "rate".equals(args[3])
                            ? load.open(target, shape, much, seconds)
                            : load.closed(target, shape, much, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%d calls (%.0f a second), %d failed %s%n",
                    outcome.calls(),
                    outcome.calls() / (double) seconds,
                    outcome.failures(),
                    outcome.why());
            print("total", outcome.total);
            print("first byte", outcome.firstByte);
            print("gap", outcome.gap);
        }
    }

    private static void print(String name, Histogram histogram) {
        if (histogram.getTotalCount() > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s p50 %.3f p90 %.3f p99 %.3f p99.9 %.3f max %.3f ms%n",
                    name,
                    histogram.getValueAtPercentile(50) / 1e6,
                    histogram.getValueAtPercentile(90) / 1e6,
                    histogram.getValueAtPercentile(99) / 1e6,
                    histogram.getValueAtPercentile(99.9) / 1e6,
                    histogram.getMaxValue() / 1e6);
        }
    }
}
