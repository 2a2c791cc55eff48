package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/** What a process and its descendants have used, as Linux counts it. */
final class Processes {
    /** USER_HZ, which is 100 on every Linux. */
    private static final long NANOS_OF_A_TICK = 10_000_000;

    /** Fields of /proc/PID/stat after the name in brackets, which may hold blanks itself. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final String RESIDENT = "VmRSS:";

    private Processes() {}

    /** Processor time so far, of all threads that live or have ended, in nanoseconds. */
    static long cpuNanos(Process process) {
        long ticks = 0;
        for (Iterator<Path> each = tree(process).iterator(); each.hasNext(); ) {
            String stat = read(each.next().resolve("stat"));
            if (!stat.isEmpty()) {
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            }
        }
        return ticks * NANOS_OF_A_TICK;
    }

    /** Resident memory now, in bytes; pages that several processes share count for each. */
    static long residentBytes(Process process) {
        return tree(process)
                .map(path -> read(path.resolve("status")))
                .flatMap(String::lines)
                .filter(line -> line.startsWith(RESIDENT))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static Stream<Path> tree(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> Path.of("/proc", Long.toString(handle.pid())));
    }

    /** Empty where the process has ended meanwhile. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException e) {
            if (!Files.exists(file)) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
