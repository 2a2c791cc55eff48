package weir.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where one reading of weir.yaml takes things from, and where it puts what it finds. */
final class Source {
    private final Path file;
    private final Function<String, @Nullable String> environment;
    private final Problems problems;
    private FileStamps stamps = FileStamps.NONE;

    Source(Path file, Function<String, @Nullable String> environment) {
        this.file = file;
        this.environment = environment;
        this.problems = new Problems(file.toString());
    }

    Problems problems() {
        return problems;
    }

    Function<String, @Nullable String> environment() {
        return environment;
    }

    /** All files that were asked for so far, as they were just before each was read. */
    FileStamps stamps() {
        return stamps;
    }

    /** A path as written in the file: relative to the folder that weir.yaml is in. */
    @Nullable Path resolve(String path) {
        try {
            return file.resolveSibling(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** A file's bytes, or null where it has more than {@code maxBytes}; watched from now on. */
    byte @Nullable [] read(Path path, int maxBytes) throws IOException {
        // The stamp comes first: a write between the two is seen as a change, never missed.
        stamps = stamps.with(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            return bytes.length > maxBytes ? null : bytes;
        }
    }
}
