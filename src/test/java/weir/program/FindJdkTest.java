package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both make targets find a JDK by themselves, and say what is missing if there is none. */
final class FindJdkTest {
    /** What the scripts themselves call. */
    private static final List<String> TOOLS =
            List.of("bash", "sh", "env", "sed", "dirname", "readlink", "make");

    @TempDir private Path directory;
    private Path bin;
    private Path installed;

    @BeforeEach
    void linkTools() throws IOException {
        bin = Files.createDirectory(directory.resolve("bin"));
        installed = Files.createDirectory(directory.resolve("jdks"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), where(tool));
        }
    }

    private static Path where(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** A folder whose compiler says that it is of this version. */
    private Path jdk(Path where, int version) throws IOException {
        Path home = where.resolve("jdk-" + version);
        program(home.resolve("bin/javac"), "echo javac " + version + ".0.1");
        return home;
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("WEIR_JDKS", installed.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), out.strip(), err.strip());
    }

    private Ended find(Map<String, String> environment) throws Exception {
        return run(environment, ".ci/find-jdk");
    }

    @Test
    void javaHomeIsTakenIfItIsRecentEnough() throws Exception {
        Path unused = jdk(installed, 25);
        Path home = jdk(directory, 21);

        assertEquals(new Ended(0, home.toString(), ""), find(Map.of("JAVA_HOME", home.toString())));
    }

    @Test
    void anOldJavaHomeIsPassedOverForTheNewestThatIsInstalled() throws Exception {
        Path first = jdk(installed, 21);
        Path newest = jdk(installed, 25);
        Path last = jdk(installed, 8);
        Map<String, String> old = Map.of("JAVA_HOME", jdk(directory, 17).toString());

        assertEquals(new Ended(0, newest.toString(), ""), find(old), first + ", " + last);
    }

    @Test
    void aJavaHomeThatIsNoJdkIsPassedOver() throws Exception {
        Path home = jdk(installed, 21);

        assertEquals(new Ended(0, home.toString(), ""), find(Map.of("JAVA_HOME", "/nowhere")));
    }

    @Test
    void aCompilerOnThePathWillDo() throws Exception {
        Path home = jdk(directory, 23);
        Files.createSymbolicLink(bin.resolve("javac"), home.resolve("bin/javac"));

        Ended ended = find(new HashMap<>());

        assertEquals(home.toRealPath().toString(), ended.out());
    }

    @Test
    void withoutAnyItSaysWhatIsMissing() throws Exception {
        Ended ended = find(Map.of());

        assertEquals(1, ended.code());
        assertEquals("", ended.out());
        assertTrue(ended.err().contains("a JDK of version 21 or later; none was found"));
        assertTrue(ended.err().contains("JAVA_HOME"), ended.err());
    }

    @Test
    void withOldOnesOnlyItSaysWhichItFound() throws Exception {
        Path home = jdk(installed, 17);

        Ended ended = find(Map.of());

        assertEquals(1, ended.code());
        assertTrue(ended.err().contains("the newest found is 17, in " + home), ended.err());
    }

    @Test
    void bothTargetsStopThere() throws Exception {
        for (String target : List.of("run", "test")) {
            Ended ended = run(Map.of(), "make", target);
            assertEquals(2, ended.code(), ended.err());
            assertEquals("", ended.out());
            assertTrue(ended.err().startsWith("Weir needs a JDK of version 21"), ended.err());
        }
    }

    @Test
    void bothTargetsMissMaven() throws Exception {
        Path unused = jdk(installed, 25);
        for (String target : List.of("run", "test")) {
            Ended ended = run(Map.of(), "make", target);
            assertEquals(2, ended.code(), ended.err());
            assertTrue(ended.err().startsWith("Weir needs Maven 3.8"), ended.err());
        }
    }

    /** What comes out of Maven last is what comes out of make, the fetching shortened. */
    @Test
    void theClosingLinesOfMavenArePrinted() throws Exception {
        Path home = jdk(installed, 25);
        program(
                bin.resolve("mvn"),
                """
                echo "Downloading from here: https://packages.example/a/b-1.jar"
                echo "Downloaded from here: https://packages.example/a/b-1.jar (1 kB at 2 kB/s)"
                echo "[INFO] Tests run: 7, Failures: 1"
                echo "$JAVA_HOME $*"
                exit 3\
                """);

        Ended ended = run(Map.of(), ".ci/run");

        assertEquals(2, ended.code(), ended.err());
        assertEquals(
                List.of("fetched b-1.jar", "[INFO] Tests run: 7, Failures: 1", home + " -B verify"),
                ended.out().lines().toList());
    }
}
