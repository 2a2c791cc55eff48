package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * What Flight Recorder saw of a process.
 *
 * @param allocatedBytes by all threads, from the recording's beginning to its end
 * @param pauseMillis of the collections, each
 */
record Recorded(long allocatedBytes, Spread pauseMillis) {
    static Recorded of(Path file) throws IOException {
        Map<Long, long[]> firstAndLast = new HashMap<>();
        List<Double> pauses = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            switch (event.getEventType().getName()) {
                case "jdk.ThreadAllocationStatistics" -> {
                    long bytes = event.getLong("allocated");
                    long[] seen =
                            firstAndLast.computeIfAbsent(
                                    event.getThread("thread").getJavaThreadId(),
                                    thread -> new long[] {bytes, bytes});
                    seen[0] = Math.min(seen[0], bytes);
                    seen[1] = Math.max(seen[1], bytes);
                }
                case "jdk.GarbageCollection" ->
                        pauses.add(event.getDuration("sumOfPauses").toNanos() / 1e6);
                default -> {}
            }
        }
        long allocated = firstAndLast.values().stream().mapToLong(seen -> seen[1] - seen[0]).sum();
        return new Recorded(
                allocated, Spread.of(pauses.stream().mapToDouble(Double::doubleValue).toArray()));
    }
}
