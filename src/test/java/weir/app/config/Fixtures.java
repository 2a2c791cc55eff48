package weir.app.config;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import weir.key.Proof;
import weir.key.ProofSource;
import weir.key.cloud.Login;

/** The files under {@code src/test/resources/config}, and the environment that they are read in. */
final class Fixtures {
    static final Path FOLDER = Path.of("src/test/resources/config");

    /** Begins every secret of the fixtures, so that a leak is easy to find. */
    static final String SECRET = "sk-";

    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "OPENAI_API_KEY", "sk-from-the-environment",
                    "WEBHOOK_SECRET", "sk-of-a-webhook-0123456789",
                    "NAMESPACE", "shop",
                    "COUNT", "sk-not-a-number",
                    "EMPTY", "",
                    "TWO_LINES", "sk-one\r\nx-evil: sk-two");

    private Fixtures() {}

    /** A login that nobody makes. */
    record Undone(Login login) implements ProofSource {
        @Override
        public Future<Proof> proof() {
            return Future.failedFuture("not here");
        }
    }

    static ConfigFile.Result read(Path file) {
        return ConfigFile.read(file, ENVIRONMENT::get, FakeVendor.TYPES, Undone::new);
    }

    static ConfigFile.Result read(Path folder, String yaml) throws IOException {
        return read(Files.writeString(folder.resolve("weir.yaml"), yaml));
    }

    static List<Path> named(String prefix) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .filter(f -> f.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program says about a file: its errors or its warnings, without the folder. */
    static List<String> lines(ConfigFile.Result result) {
        Stream<String> lines =
                switch (result) {
                    case ConfigFile.Loaded loaded -> loaded.warnings().stream();
                    case ConfigFile.Invalid invalid ->
                            invalid.errors().stream().map(ConfigError::toString);
                };
        return lines.map(line -> line.replace(FOLDER + "/", "")).toList();
    }
}
