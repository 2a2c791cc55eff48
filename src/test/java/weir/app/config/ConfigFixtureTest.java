package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Every {@code invalid-<field>-<why>.yaml} is refused with the lines that stand in the .txt file
 * beside it, every {@code valid-<what>.yaml} is taken with the warnings that stand there.
 */
final class ConfigFixtureTest {
    @TestFactory
    Stream<DynamicTest> invalidFilesSayWhy() {
        return Fixtures.named("invalid-").stream()
                .map(file ->
                        test(
                                file,
                                () -> {
                                    ConfigFile.Result result = Fixtures.read(file);
                                    assertEquals(expected(file), Fixtures.lines(result));
                                    assertInstanceOf(ConfigFile.Invalid.class, result);
                                    assertFalse(
                                            expected(file).isEmpty(), "an error without a line");
                                }));
    }

    @TestFactory
    Stream<DynamicTest> validFilesLoad() {
        return Fixtures.named("valid-").stream()
                .map(file ->
                        test(
                                file,
                                () -> {
                                    ConfigFile.Result result = Fixtures.read(file);
                                    assertEquals(expected(file), Fixtures.lines(result));
                                    assertInstanceOf(ConfigFile.Loaded.class, result);
                                }));
    }

    @Test
    void nothingSaysASecret() {
        List<Path> files = Fixtures.named("");
        assertTrue(files.size() > 20, "fixtures found: " + files.size());
        for (Path file : files) {
            ConfigFile.Result result = Fixtures.read(file);
            String said = result + String.join("\n", Fixtures.lines(result));
            assertFalse(said.contains(Fixtures.SECRET), () -> file + " says " + said);
        }
    }

    private static DynamicTest test(Path file, Executable check) {
        return DynamicTest.dynamicTest(file.getFileName().toString(), check);
    }

    private static List<String> expected(Path file) throws IOException {
        Path beside = Path.of(file.toString().replace(".yaml", ".txt"));
        return Files.exists(beside) ? Files.readAllLines(beside) : List.of();
    }
}
