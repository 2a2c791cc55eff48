package bench;

import bench.Measured.Figure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Weir adds to a call of each vendor, beside what it adds to OpenAI's: recorded requests and
 * answers, limits in process, 500 calls a second, rounds interleaved over all vendors.
 *
 * <pre> VendorsMain [ROUNDS [SECONDS [WARM_SECONDS]]] </pre>
 */
public final class VendorsMain {
    private static final String KEY = "wk_bench_load";
    private static final int PROVIDER_PORT = 4312;
    private static final int WEIR_PORT = 4316;
    private static final int PER_SECOND = 500;
    private static final int WARM_CALLERS = 32;

    private final int rounds;
    private final int seconds;
    private final int warmSeconds;
    private final List<VendorCall> calls = VendorCall.all();

    private VendorsMain(int rounds, int seconds, int warmSeconds) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.warmSeconds = warmSeconds;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new VendorsMain(argument(args, 0, 5), argument(args, 1, 4), argument(args, 2, 10)).run();
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private void run() throws IOException, InterruptedException {
        Path logs = Files.createDirectories(Path.of("target/vendors"));
        Contestant provider =
                new Contestant(
                        new Target("provider", PROVIDER_PORT, "", ""),
                        List.of(
                                "loadtest/own/provider",
                                Integer.toString(PROVIDER_PORT),
                                "vendors"),
                        Map.of());
        Contestant weir =
                new Contestant(
                        new Target("weir", WEIR_PORT, "", ""),
                        List.of(
                                "loadtest/own/weir",
                                "process",
                                Integer.toString(WEIR_PORT),
                                "http://127.0.0.1:" + PROVIDER_PORT),
                        Map.of("WEIR_CONFIG", "loadtest/own/vendors.yaml"));
        try (provider;
                weir;
                Load load = new Load()) {
            provider.start(logs);
            weir.start(logs);
            measure(load, weir);
        }
    }

    private void measure(Load load, Contestant weir) throws IOException, InterruptedException {
        for (VendorCall call : calls) {
            byte[] request = call.request(WEIR_PORT, KEY);
            Outcome outcome = load.closed(WEIR_PORT, request, WARM_CALLERS, warmSeconds);
            if (outcome.failures() > 0) {
                say(call.name() + ": " + outcome.failures() + " failed, " + outcome.why());
            }
        }
        double[][] added = new double[calls.size()][rounds];
        double[][] cpu = new double[calls.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < calls.size(); i++) {
                int which = (i + round) % calls.size();
                VendorCall call = calls.get(which);
                Measured direct = measured(load, call, PROVIDER_PORT, weir);
                Measured through = measured(load, call, WEIR_PORT, weir);
                added[which][round] = Figure.P50.of(through) - Figure.P50.of(direct);
                cpu[which][round] = Figure.CPU.of(through);
            }
            say("round " + (round + 1) + " of " + rounds);
        }
        report(added, cpu);
    }

    private Measured measured(Load load, VendorCall call, int port, Contestant weir)
            throws IOException, InterruptedException {
        long before = weir.cpuNanos();
        Outcome outcome = load.open(port, call.request(port, KEY), PER_SECOND, seconds);
        long used = weir.cpuNanos() - before;
        return new Measured(call.name(), "", 0, outcome, seconds, used, 0, 0);
    }

    private void report(double[][] added, double[][] cpu) {
        say("| | added p50 ms (least to most) | times OpenAI's | CPU ms per 1,000 calls |");
        say("|---|---|---|---|");
        for (int i = 0; i < calls.size(); i++) {
            int base = calls.get(i).isStream() ? firstStream() : 0;
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = added[i][round] / added[base][round];
            }
            say(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %s | %.0f |",
                            calls.get(i).name(),
                            spread(added[i]),
                            spread(ratios),
                            Spread.of(cpu[i]).median()));
        }
    }

    /** OpenAI's. */
    private int firstStream() {
        int index = 0;
        while (!calls.get(index).isStream()) {
            index++;
        }
        return index;
    }

    private static String spread(double... values) {
        return Spread.of(values).text(value -> String.format(Locale.ROOT, "%.3f", value));
    }

    private static void say(String line) {
        System.err.println(line);
    }

    /** What the provider answers, by the path and query that it is asked for. */
    static Map<String, byte[]> answers() {
        Map<String, byte[]> answers = new HashMap<>();
        for (VendorCall call : VendorCall.all()) {
            try {
                answers.put(call.upstream() + (call.isStream() ? " stream" : ""), call.answer());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answers;
    }
}
