package weir.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lines of several threads stay whole, each is one write, and a closed output harms no call. */
final class LineOutputTest {
    @Test
    void linesStayWhole() throws InterruptedException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        LineOutput lines = new LineOutput(written);
        Set<String> expected = new HashSet<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            List<String> own = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                own.add("{\"t\":" + t + ",\"i\":" + i + ",\"ä\":\"" + "x".repeat(i % 90) + "\"}");
            }
            expected.addAll(own);
            threads.add(Thread.ofPlatform().start(() -> own.forEach(lines)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(expected, Set.copyOf(written.toString(UTF_8).lines().toList()));
    }

    @Test
    void aLineIsOneWrite() {
        List<Integer> writes = new ArrayList<>();
        new LineOutput(new Written(writes)).accept("four");
        assertEquals(List.of(5), writes);
    }

    @Test
    void aClosedOutputHarmsNoCall() {
        List<Integer> writes = new ArrayList<>();
        LineOutput lines = new LineOutput(new Written(writes));
        lines.accept("");
        lines.accept("and again");
        assertTrue(writes.size() == 2, writes::toString);
    }

    /** Remembers how much each write was; fails at a line that is empty, as a closed pipe does. */
    private static final class Written extends OutputStream {
        private final List<Integer> writes;

        Written(List<Integer> writes) {
            this.writes = writes;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("a write of one byte");
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            writes.add(count);
            if (count == 1) {
                throw new IOException("Broken pipe");
            }
        }
    }
}
