package weir.sdk;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The official Python SDKs, in a virtual environment of their own under {@code target/}. It is made
 * once and again only when {@code requirements.txt} changes. Where there is no Python that can make
 * one, the test that asks is skipped and says so loudly.
 */
public final class PythonSdks {
    private static final Path SCRIPTS = Path.of("src/test/python");
    private static final int INSTALL_MINUTES = 5;
    private static final int RUN_MINUTES = 2;

    private final Path python;

    private PythonSdks(Path python) {
        this.python = python;
    }

    /** One of the vendors' SDKs, by the script that drives it. */
    public enum Sdk {
        OPENAI,
        ANTHROPIC,
        BEDROCK,
        GOOGLE,
        COHERE,
        FAMILY,
        REPLICATE,
        SESSIONS;

        private Path script() {
            return SCRIPTS.resolve("sdk_" + name().toLowerCase(Locale.ROOT) + ".py");
        }
    }

    /**
     * The environment of the SDKs that every run of the tests drives, made if need be. Skips the
     * calling test where Python is missing.
     *
     * @throws IllegalStateException if the SDKs cannot be installed; with what the installer said
     */
    public static PythonSdks installed() {
        return installed(Path.of("target/python-sdks"), SCRIPTS.resolve("requirements.txt"));
    }

    /** The environment of all others, for tests that run with {@code -Dsdks=all}. */
    public static PythonSdks more() {
        return installed(
                Path.of("target/python-sdks-more"), SCRIPTS.resolve("requirements-more.txt"));
    }

    private static synchronized PythonSdks installed(Path home, Path requirements) {
        try {
            Path python = home.resolve("bin/python").toAbsolutePath();
            Path stamp = home.resolve("installed.txt");
            String wanted = Files.readString(requirements);
            if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
                install(home, python, requirements);
                Files.writeString(stamp, wanted);
            }
            return new PythonSdks(python);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Path home, Path python, Path requirements) throws IOException {
        Optional<String> venv =
                failure(
                        List.of("python3", "-m", "venv", "--clear", home.toString()),
                        INSTALL_MINUTES);
        if (venv.isPresent()) {
            String message = "NO PYTHON, SO NO SDK IS TESTED: python3 -m venv: " + venv.get();
            System.err.println("\n*** " + message + "\n");
            Assumptions.abort(message);
        }
        Optional<String> pip =
                failure(
                        List.of(
                                python.toString(),
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--disable-pip-version-check",
                                "-r",
                                requirements.toString()),
                        INSTALL_MINUTES);
        if (pip.isPresent()) {
            throw new IllegalStateException("the SDKs cannot be installed: " + pip.get());
        }
    }

    /** What went wrong, or empty. */
    private static Optional<String> failure(List<String> command, int minutes) {
        try {
            Output output = run(command, minutes);
            return output.exit() == 0 ? Optional.empty() : Optional.of(output.errors());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param exit the process's exit code
     */
    private record Output(int exit, String lines, String errors) {}

    /** Both streams go to files, so that neither can fill a pipe while the other is read. */
    private static Output run(List<String> command, int minutes) throws IOException {
        Path out = Files.createTempFile("sdk", ".out");
        Path err = Files.createTempFile("sdk", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        // A proxy of the machine must not come between a test and a server on loopback.
        builder.environment().put("NO_PROXY", "127.0.0.1,localhost");
        Process process = builder.start();
        try {
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                throw new IllegalStateException(command + " does not end");
            }
            return new Output(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Where the SDK is to call, and as whom; {@code baseUrl} is without {@code /v1}. */
    public record Target(Sdk sdk, String baseUrl, String key, List<String> options) {
        public Target {
            options = List.copyOf(options);
        }

        public Target(Sdk sdk, String baseUrl, String key) {
            this(sdk, baseUrl, key, List.of());
        }

        /**
         * More of the script's own options ({@code --model}, {@code --header}, {@code --sim}, …).
         */
        public Target with(String... more) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(more));
            return new Target(sdk, baseUrl, key, all);
        }
    }

    /** Some cases of one target; named by {@code --list}, none for all. */
    public record Batch(Target target, List<String> cases) {
        public Batch {
            cases = List.copyOf(cases);
        }

        private List<String> words() {
            List<String> words = new ArrayList<>();
            words.addAll(List.of("--base-url", target.baseUrl(), "--key", target.key()));
            words.addAll(target.options());
            words.addAll(cases);
            return words;
        }
    }

    /** Runs cases of one target; see {@link #run(List)}. */
    public List<JsonObject> run(Target target, String... cases) {
        return run(List.of(new Batch(target, List.of(cases))));
    }

    /**
     * Runs cases one after the other in one process.
     *
     * @param batches at least one, all of one SDK
     * @return what each case came to, in their order; {@code sdk_case.py} says what is in it
     * @throws IllegalStateException if the script itself fails; with what it said
     */
    public List<JsonObject> run(List<Batch> batches) {
        List<String> command = new ArrayList<>();
        command.add(python.toString());
        command.add(batches.getFirst().target().sdk().script().toString());
        for (Batch batch : batches) {
            command.addAll(batch.words());
            command.add("+");
        }
        command.removeLast();
        try {
            Output output = run(command, RUN_MINUTES);
            if (output.exit() != 0) {
                throw new IllegalStateException(output.errors());
            }
            return output.lines().lines().map(JsonObject::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
