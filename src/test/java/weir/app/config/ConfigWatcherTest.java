package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigWatcherTest {
    private static final FileTime THEN = FileTime.fromMillis(1_000_000);

    @TempDir private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void writeFile() throws IOException {
        file = write(folder.resolve("weir.yaml"), "one");
    }

    @Test
    void nothingHappenedIsNoChange() {
        ConfigWatcher watcher = watching(file);
        assertFalse(watcher.poll());
        assertFalse(watcher.poll());
    }

    @Test
    void aWriteIsOneChange() throws IOException {
        ConfigWatcher watcher = watching(file);
        write(file, "longer");
        assertTrue(watcher.poll());
        assertFalse(watcher.poll());
    }

    @Test
    void aReplacementOfSameSizeAndTimeIsAChange() throws IOException {
        ConfigWatcher watcher = watching(file);
        Path other = write(folder.resolve("new"), "two");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(watcher.poll());
    }

    @Test
    void goingAndComingBackAreChanges() throws IOException {
        ConfigWatcher watcher = watching(file);
        Files.delete(file);
        assertTrue(watcher.poll());
        assertFalse(watcher.poll());
        write(file, "one");
        assertTrue(watcher.poll());
    }

    /** weir.yaml links to ..data/weir.yaml, ..data to a folder; only the latter is swapped. */
    @Test
    void kubernetesSwapsAFolderAboveTheFile() throws IOException {
        write(Files.createDirectory(folder.resolve("v1")).resolve("weir.yaml"), "one");
        write(Files.createDirectory(folder.resolve("v2")).resolve("weir.yaml"), "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
        Path mounted =
                Files.createSymbolicLink(
                        folder.resolve("mounted.yaml"), Path.of("..data", "weir.yaml"));
        ConfigWatcher watcher = watching(mounted);
        assertFalse(watcher.poll());
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("v2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertTrue(watcher.poll());
        assertFalse(watcher.poll());
    }

    /** Between reading and watching a file nothing is lost: the stamp is older than the content. */
    @Test
    void aWriteAfterReadingIsAChange() throws IOException {
        String yaml = "providers: { openai: { credentials: [{ name: a, secret: file:key }] } }";
        Path key = write(folder.resolve("key"), "first");
        ConfigFile.Result result = Fixtures.read(folder, yaml);
        write(key, "second key");
        ConfigWatcher watcher = new ConfigWatcher(FileStamps.NONE);
        assertFalse(watcher.poll());
        watcher.watch(result.files());
        assertTrue(watcher.poll());
    }

    private static ConfigWatcher watching(Path file) {
        return new ConfigWatcher(FileStamps.NONE.with(file));
    }

    /** With a time of its own, so that no test depends on the clock. */
    private static Path write(Path path, String text) throws IOException {
        Files.writeString(path, text);
        return Files.setLastModifiedTime(path, THEN);
    }
}
