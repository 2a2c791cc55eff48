package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What Weir takes of memory, four limits applying, Redis leased: resident when idle, and after
 * 100,000 calls at 500 a second that begin at once after its start; then what a call allocates and
 * how long collections take, by Flight Recorder. More minutes show whether it grows.
 *
 * <pre> MemoryMain REDIS_SERVER [MINUTES] </pre>
 */
public final class MemoryMain {
    private static final int PROVIDER_PORT = 4313;
    private static final int REDIS_PORT = 4314;
    private static final int WEIR_PORT = 4317;
    private static final int PER_SECOND = 500;
    private static final int CALLS = 100_000;
    private static final int RECORDED_SECONDS = 30;

    /** In which the virtual machine gives back what its compiler took; see native/jvm.options. */
    private static final long REST_SECONDS = 15;

    private static final Path LOGS = Path.of("target/memory").toAbsolutePath();

    private final Contestant weir =
            new Contestant(
                    new Target("weir", WEIR_PORT, "/openai/v1/chat/completions", "wk_bench_load"),
                    List.of(
                            "loadtest/own/weir",
                            "leased",
                            Integer.toString(WEIR_PORT),
                            "http://127.0.0.1:" + PROVIDER_PORT,
                            Integer.toString(REDIS_PORT)),
                    Map.of());
    private final Load load;

    private MemoryMain(Load load) {
        this.load = load;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Files.createDirectories(LOGS);
        Contestant provider =
                new Contestant(
                        new Target("provider", PROVIDER_PORT, "", ""),
                        List.of("loadtest/own/provider", Integer.toString(PROVIDER_PORT)),
                        Map.of());
        Contestant redis = LoadTestMain.redis(args[0], REDIS_PORT);
        try (provider;
                redis;
                Load load = new Load()) {
            provider.start(LOGS);
            redis.start(LOGS);
            new MemoryMain(load).run(args.length > 1 ? Integer.parseInt(args[1]) : 0);
        }
    }

    private void run(int minutes) throws IOException, InterruptedException {
        try (Contestant idle = weir) {
            idle.start(LOGS);
            sayResident("idle");
        }
        try (Contestant busy = weir) {
            busy.start(LOGS);
            call(CALLS / PER_SECOND);
            sayResident("after " + CALLS + " calls");
            for (int minute = 1; minute <= minutes; minute++) {
                call((int) TimeUnit.MINUTES.toSeconds(1));
                sayResident("after " + minute + " more minutes");
            }
            record();
        }
    }

    private void call(int seconds) throws InterruptedException {
        Outcome outcome = load.open(weir.target(), Shape.PLAIN, PER_SECOND, seconds);
        if (outcome.failures() > 0) {
            System.out.printf(
                    Locale.ROOT, "%d calls failed, %s%n", outcome.failures(), outcome.why());
        }
    }

    private void sayResident(String when) throws InterruptedException {
        TimeUnit.SECONDS.sleep(REST_SECONDS);
        System.out.printf(Locale.ROOT, "%.1f MB resident, %s%n", weir.residentBytes() / 1e6, when);
    }

    private void record() throws IOException, InterruptedException {
        Path file = LOGS.resolve("weir.jfr");
        String pid = Long.toString(weir.pid());
        jcmd(pid, "JFR.start", "name=weir", "settings=default");
        call(RECORDED_SECONDS);
        jcmd(pid, "JFR.stop", "name=weir", "filename=" + file);
        Recorded recorded = Recorded.of(file);
        System.out.printf(
                Locale.ROOT,
                "%.1f kB allocated by a call%n",
                recorded.allocatedBytes() / 1e3 / PER_SECOND / RECORDED_SECONDS);
        Spread pauses = recorded.pauseMillis();
        System.out.printf(
                Locale.ROOT,
                "%d collections in %d seconds: %s ms%n",
                pauses.rounds(),
                RECORDED_SECONDS,
                pauses.text(millis -> String.format(Locale.ROOT, "%.2f", millis)));
    }

    private static void jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.addAll(List.of(arguments));
        Path log = LOGS.resolve("jcmd.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("jcmd failed, see " + log);
        }
    }
}
