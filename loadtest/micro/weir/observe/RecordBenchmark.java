package weir.observe;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import weir.limit.Standing;
import weir.micro.FourLimits;
import weir.micro.MicroBenchmark;
import weir.usage.Usage;

/** What is written down of one call, counted as Quarkus counts: by the registry that it has. */
@SuppressWarnings("deprecation")
public class RecordBenchmark extends MicroBenchmark {
    private final Metrics metrics = metrics();
    private final List<Standing> standings = FourLimits.standings();
    private int lineChars;
    private final Log log = new Log(line -> lineChars = line.length(), () -> 1_790_000_000_000L);
    private final CallRecord call =
            new CallRecord(
                    "weir-7d4b9c-1-1z4",
                    "openai",
                    "gpt-5-mini",
                    "team-a",
                    "checkout",
                    "chat.completions",
                    false,
                    Outcome.OK,
                    null,
                    null,
                    null,
                    200,
                    Usage.ofTokens(250, 100),
                    false,
                    2_000_000,
                    1_000_000,
                    40_000,
                    20_000,
                    -1,
                    30_000,
                    900_000,
                    800_000,
                    1_000_000,
                    1_024,
                    2_048);

    private static Metrics metrics() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return new Metrics(registry, registry.getPrometheusRegistry());
    }

    @Benchmark
    public int logLine() {
        log.call(call);
        return lineChars;
    }

    @Benchmark
    public void count() {
        metrics.begun();
        metrics.finished(call);
    }

    /** The four limits' counters. */
    @Benchmark
    public void standings() {
        for (Standing standing : standings) {
            metrics.standing(standing);
        }
    }
}
