package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code native/cache} leaves is what {@code native/weir} starts with. */
final class CacheIT {
    private static final Path APP = Path.of("target/quarkus-app").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 240;

    @TempDir private Path directory;

    private static String run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    @Test
    void theProgramStartsWithItsClassesLoaded() throws Exception {
        String said = run(Map.of(), "native/cache");
        boolean aot = Runtime.version().feature() >= 25;
        Path cache = APP.resolve(aot ? "weir.aot" : "weir.jsa");
        assertTrue(Files.exists(cache), said);

        Path file = Packaged.file(directory, Surroundings.YAML);
        // With this the virtual machine ends where it cannot use its cache.
        Map<String, String> environment =
                Map.of(
                        "JDK_JAVA_OPTIONS", aot ? "-XX:AOTMode=on" : "-Xshare:on",
                        "PROVIDER", "http://127.0.0.1:1",
                        "SECRET", "s");
        String valid = run(environment, "native/weir", "validate", file.toString());
        assertTrue(valid.contains(file + ": ok"), valid);
    }
}
