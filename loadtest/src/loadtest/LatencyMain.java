package loadtest;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What Weir adds to a call. Arguments are {@code name=url}, the first of them the provider itself,
 * the others the same call through Weir. In each round every target is called at the same rate for
 * the same time, in an order that turns by one each round, so that what the machine does besides
 * hits all alike; what Weir adds is the difference within a round, and the median over rounds.
 *
 * <pre> --rate 200  --seconds 10  --rounds 7  --warm-seconds 20  --warm-rate 500 </pre>
 */
public final class LatencyMain {
    private int rate = 200;
    private int seconds = 10;
    private int rounds = 7;
    private int warmSeconds = 20;
    private int warmRate = 500;
    private final List<LatencyTarget> targets = new ArrayList<>();

    private LatencyMain() {}

    public static void main(String[] args) throws InterruptedException {
        LatencyMain run = new LatencyMain();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rate" -> run.rate = Integer.parseInt(args[++i]);
                case "--seconds" -> run.seconds = Integer.parseInt(args[++i]);
                case "--rounds" -> run.rounds = Integer.parseInt(args[++i]);
                case "--warm-seconds" -> run.warmSeconds = Integer.parseInt(args[++i]);
                case "--warm-rate" -> run.warmRate = Integer.parseInt(args[++i]);
                default -> run.target(args[i]);
            }
        }
        run.measure();
    }

    private void target(String argument) {
        int equals = argument.indexOf('=');
        String name = argument.substring(0, equals);
        targets.add(new LatencyTarget(name, URI.create(argument.substring(equals + 1))));
    }

    private void measure() throws InterruptedException {
        for (LatencyTarget target : targets) {
            say("warming up " + target.name());
            new LatencyLoop(target).run(warmRate, warmSeconds);
        }
        double[][] p50 = new double[targets.size()][rounds];
        double[][] p99 = new double[targets.size()][rounds];
        int failed = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                int which = (i + round) % targets.size();
                LatencyLoop.Result result = new LatencyLoop(targets.get(which)).run(rate, seconds);
                p50[which][round] = result.micros(50);
                p99[which][round] = result.micros(99);
                failed += result.failed();
            }
            say("round " + (round + 1) + " of " + rounds);
        }
        report(p50, p99);
        say(failed + " calls failed");
    }

    private void report(double[][] p50, double[][] p99) {
        say(rate + " calls a second, " + rounds + " rounds of " + seconds + " s; microseconds");
        say(row("", "p50 (least to most)", "p99", "added p50 (least to most)"));
        for (int i = 0; i < targets.size(); i++) {
            double[] added = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                added[round] = p50[i][round] - p50[0][round];
            }
            String name = targets.get(i).name();
            say(row(name, spread(p50[i]), spread(p99[i]), i == 0 ? "" : spread(added)));
        }
    }

    private static String row(String name, String p50, String p99, String added) {
        return String.format(Locale.ROOT, "%-10s %24s %24s %26s", name, p50, p99, added);
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.0f (%.0f to %.0f)",
                median(values),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static void say(String line) {
        System.err.println(line);
    }
}
