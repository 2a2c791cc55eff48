package weir.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What some files looked like at one moment, without their content: enough to tell that one of them
 * was written, replaced, or swapped by a symbolic link on the way to it.
 */
public record FileStamps(Map<Path, Stamp> byPath) {
    static final FileStamps NONE = new FileStamps(Map.of());

    public FileStamps {
        byPath = Map.copyOf(byPath);
    }

    /**
     * One file. Kubernetes updates a mounted ConfigMap or Secret by swapping a symbolic link to a
     * folder: the path and possibly the size and the time stay, the real path changes.
     *
     * @param realPath with all links followed; empty for a file that cannot be looked at
     * @param key the file system's own name for the file (device and inode), where it has one
     */
    public record Stamp(String realPath, FileTime modified, long sizeBytes, String key) {
        static final Stamp ABSENT = new Stamp("", FileTime.fromMillis(0), 0, "");
    }

    public Set<Path> paths() {
        return byPath.keySet();
    }

    FileStamps with(Path path) {
        Map<Path, Stamp> more = new LinkedHashMap<>(byPath);
        more.put(path, look(path));
        return new FileStamps(more);
    }

    /** The same files, as they are now. */
    FileStamps again() {
        Map<Path, Stamp> now = new LinkedHashMap<>();
        byPath.keySet().forEach(path -> now.put(path, look(path)));
        return new FileStamps(now);
    }

    private static Stamp look(Path path) {
        try {
            Path real = path.toRealPath();
            BasicFileAttributes seen = Files.readAttributes(real, BasicFileAttributes.class);
            return new Stamp(
                    real.toString(),
                    seen.lastModifiedTime(),
                    seen.size(),
                    String.valueOf(seen.fileKey()));
        } catch (IOException e) {
            // Not there, or not for us to see; either way it counts as a change once that ends.
            return Stamp.ABSENT;
        }
    }
}
