package weir.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.micrometer.core.instrument.Tags;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HistogramsTest {
    private final Histograms histograms = new Histograms();

    @Test
    void showsHowManyThereWereUpToEachBound() throws IOException {
        Histogram peek =
                histograms.get("weir_overhead", Histogram.Scale.TIMES, Tags.of("part", "peek"));
        peek.record(0);
        peek.record(50_000);
        peek.record(50_001);
        peek.record(120_000_000_001L);

        assertEquals(
                List.of(
                        "# TYPE weir_overhead_seconds histogram",
                        "weir_overhead_seconds_bucket{part=\"peek\",le=\"5.0E-5\",} 2.0",
                        "weir_overhead_seconds_bucket{part=\"peek\",le=\"1.0E-4\",} 3.0"),
                scraped().subList(0, 3));
        assertEquals(
                List.of(
                        "weir_overhead_seconds_bucket{part=\"peek\",le=\"120.0\",} 3.0",
                        "weir_overhead_seconds_bucket{part=\"peek\",le=\"+Inf\",} 4.0",
                        "weir_overhead_seconds_count{part=\"peek\",} 4.0",
                        "weir_overhead_seconds_sum{part=\"peek\",} 120.000100002"),
                scraped().subList(15, 19));
    }

    @Test
    void passesOverWhatDidNotHappen() throws IOException {
        histograms.get("weir_waited", Histogram.Scale.TIMES, Tags.empty()).record(-1);

        assertEquals(
                List.of("weir_waited_seconds_count 0.0", "weir_waited_seconds_sum 0.0"),
                scraped().subList(17, 19));
    }

    @Test
    void hasTheBoundsOfOpenTelemetrysConventions() {
        Histogram tokens = histograms.get("tokens", Histogram.Scale.TOKENS, Tags.empty());
        Histogram operations = histograms.get("took", Histogram.Scale.OPERATIONS, Tags.empty());

        assertEquals(
                "1.0 4.0 16.0 64.0 256.0 1024.0 4096.0 16384.0 65536.0 262144.0 1048576.0"
                        + " 4194304.0 1.6777216E7 6.7108864E7 Infinity",
                bounds(tokens));
        assertEquals(
                "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92"
                        + " Infinity",
                bounds(operations));
    }

    @Test
    void oneNameAndLabelsAreOneHistogram() {
        Tags tags = Tags.of("gen_ai_request_model", "gpt-5-mini");

        assertSame(
                histograms.get("gen_ai_tokens", Histogram.Scale.TOKENS, tags),
                histograms.get("gen_ai_tokens", Histogram.Scale.TOKENS, Tags.of(tags)));
    }

    private static String bounds(Histogram histogram) {
        StringBuilder bounds = new StringBuilder();
        histogram.read((bound, upToIt) -> bounds.append(bound).append(' '));
        return bounds.toString().strip();
    }

    /** What Prometheus reads, without the words of help. */
    private List<String> scraped() throws IOException {
        CollectorRegistry registry = new CollectorRegistry();
        registry.register(histograms);
        StringWriter text = new StringWriter();
        TextFormat.write004(text, registry.metricFamilySamples());
        return text.toString().lines().filter(line -> !line.startsWith("# HELP")).toList();
    }
}
