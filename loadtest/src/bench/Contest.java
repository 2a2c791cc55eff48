package bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Compares contestants: all run from the beginning to the end, and in each round each gets the same
 * load for the same time, in an order that turns by one each round, so that what the machine does
 * besides hits all alike.
 */
final class Contest implements AutoCloseable {
    private static final int WARM_CALLERS = 32;
    private static final int WARM_RATE = 500;

    /** A contestant that takes none has failed; what comes after it would tell nothing. */
    private static final double MOST_FAILURES = 0.01;

    private final List<Contestant> contestants;
    private final Contestant redis;
    private final Path directory;
    private final Consumer<String> say;
    private final Load load = new Load();
    private final List<Measured> rows = new ArrayList<>();

    /**
     * @param redis whose processor time is counted beside each contestant's
     * @param directory where results are written
     * @param say tells how far it is
     */
    Contest(List<Contestant> contestants, Contestant redis, Path directory, Consumer<String> say) {
        this.contestants = List.copyOf(contestants);
        this.redis = redis;
        this.directory = directory;
        this.say = say;
    }

    /** Starts all and warms each up. */
    void start(int warmSeconds) throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        for (Contestant each : contestants) {
            say.accept("starting " + each.name());
            each.start(logs);
        }
        // At a constant rate last: a compiler that has only seen calls in crowds starts anew there.
        List<Scenario> warmUp =
                List.of(
                        Scenario.callers(WARM_CALLERS, warmSeconds),
                        Scenario.streams(WARM_CALLERS, 1, Math.max(1, warmSeconds / 2)),
                        Scenario.rate(WARM_RATE, warmSeconds));
        for (Contestant each : contestants) {
            say.accept("warming up " + each.name());
            for (Scenario scenario : warmUp) {
                if (each.bears(scenario)) {
                    tellFailures(each, scenario.run(load, each.target()), 0);
                }
            }
        }
    }

    private void tellFailures(Contestant each, Outcome outcome, double tolerated) {
        if (outcome.failures() > tolerated * outcome.calls()) {
            say.accept(each.name() + ": " + outcome.failures() + " failed, " + outcome.why());
        }
    }

    /** Runs one scenario in several rounds. */
    void run(Scenario scenario, int rounds) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            say.accept(scenario.name() + ", round " + (round + 1) + " of " + rounds);
            for (int i = 0; i < contestants.size(); i++) {
                Contestant each = contestants.get((i + round) % contestants.size());
                if (each.bears(scenario)) {
                    rows.add(measure(scenario, each, round));
                }
            }
        }
    }

    private Measured measure(Scenario scenario, Contestant each, int round)
            throws InterruptedException {
        // What the one before left behind, such as an RST or a garbage collection, is not its own.
        Thread.sleep(200);
        long cpu = each.cpuNanos();
        long redisCpu = redis.cpuNanos();
        long begin = System.nanoTime();
        Outcome outcome = scenario.run(load, each.target());
        Measured row =
                new Measured(
                        scenario.name(),
                        each.name(),
                        round,
                        outcome,
                        (System.nanoTime() - begin) / 1e9,
                        each.cpuNanos() - cpu,
                        redis.cpuNanos() - redisCpu,
                        each.residentBytes());
        tellFailures(each, outcome, MOST_FAILURES);
        return row;
    }

    List<Measured> rows() {
        return List.copyOf(rows);
    }

    /** Writes a line for each round, and the percentiles of all rounds of a scenario together. */
    void write() throws IOException {
        try (BufferedWriter csv = Files.newBufferedWriter(directory.resolve("rounds.csv"))) {
            csv.write(Measured.header() + "\n");
            for (Measured row : rows) {
                csv.write(row.line() + "\n");
            }
        }
        try (BufferedWriter csv = Files.newBufferedWriter(directory.resolve("percentiles.csv"))) {
            csv.write("scenario,contestant,percentile,ms\n");
            for (String scenario : rows.stream().map(Measured::scenario).distinct().toList()) {
                for (Contestant each : contestants) {
                    percentiles(csv, scenario, each.name());
                }
            }
        }
    }

    private void percentiles(BufferedWriter csv, String scenario, String name) throws IOException {
        Histogram all = new Outcome().total;
        rows.stream()
                .filter(row -> row.scenario().equals(scenario) && row.contestant().equals(name))
                .forEach(row -> all.add(row.outcome().total));
        if (all.getTotalCount() == 0) {
            return;
        }
        for (var step : all.percentiles(5)) {
            String percentile = Double.toString(step.getPercentileLevelIteratedTo());
            String millis = Double.toString(step.getValueIteratedTo() / 1e6);
            csv.write(String.join(",", scenario, name, percentile, millis) + "\n");
        }
    }

    @Override
    public void close() {
        contestants.forEach(Contestant::close);
        load.close();
    }
}
