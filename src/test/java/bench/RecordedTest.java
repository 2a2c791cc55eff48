package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordedTest {
    private static final int MEGABYTE = 1 << 20;

    private int sum;

    @Test
    void tellsWhatWasAllocatedAndHowLongCollectionsTook(@TempDir Path directory)
            throws IOException, ParseException {
        Path file = directory.resolve("test.jfr");
        try (Recording recording = new Recording(Configuration.getConfiguration("default"))) {
            recording.start();
            for (int i = 0; i < 64; i++) {
                sum += new byte[MEGABYTE].length;
            }
            System.gc();
            recording.stop();
            recording.dump(file);
        }
        assertEquals(64 * MEGABYTE, sum);

        Recorded recorded = Recorded.of(file);

        assertTrue(recorded.allocatedBytes() >= 64L * MEGABYTE, recorded.toString());
        assertTrue(recorded.allocatedBytes() < 512L * MEGABYTE, recorded.toString());
        assertTrue(recorded.pauseMillis().rounds() > 0, recorded.toString());
        assertTrue(recorded.pauseMillis().least() > 0, recorded.toString());
    }
}
