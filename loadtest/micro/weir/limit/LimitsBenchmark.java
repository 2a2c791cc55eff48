package weir.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import weir.micro.FourLimits;
import weir.micro.MicroBenchmark;

/**
 * Which limits apply to a call, among few and many. However many there are, the call meets the same
 * ones: one that names its key, and from four on its tenant's, one by a pattern and one for all.
 * The others name other keys and tenants.
 */
public class LimitsBenchmark extends MicroBenchmark {
    @Param({"1", "4", "10000"})
    int rules;

    private Limits limits = new Limits(List.of());

    @Setup
    public void write() {
        List<Limit> all = new ArrayList<>();
        all.add(limit("mine", List.of(), List.of("checkout")));
        if (rules > 1) {
            all.add(limit("team", List.of("team-a"), List.of()));
            all.add(limit("pattern", List.of("team-*"), List.of()));
            all.add(limit("all", List.of(), List.of()));
        }
        while (all.size() < rules) {
            String other = "other-" + all.size();
            boolean key = all.size() % 2 == 0;
            all.add(
                    limit(
                            other,
                            key ? List.of() : List.of(other),
                            key ? List.of(other) : List.of()));
        }
        limits = new Limits(all);
        List<Limit> matching = limits.matching(FourLimits.SUBJECT);
        if (matching.size() != Math.min(4, rules)) {
            throw new IllegalStateException("met " + matching);
        }
    }

    private static Limit limit(String name, List<String> tenants, List<String> keys) {
        List<Glob> any = List.of();
        return new Limit(
                name,
                new Match(any, any, globs(tenants), globs(keys), any, Map.of()),
                List.of(new Dimension(Dimension.Source.TENANT, "")),
                List.of(new Meter.Concurrency(1_000)),
                Policy.DEFAULT);
    }

    private static List<Glob> globs(List<String> patterns) {
        return patterns.stream().map(Glob::new).toList();
    }

    @Benchmark
    public Object matching() {
        return limits.matching(FourLimits.SUBJECT);
    }
}
