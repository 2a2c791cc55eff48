package weir.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of several threads stay whole, each is one write, and a closed output harms no call. */
final class LineOutputTest {
    /** Some are longer than what a pipe takes at once, and it is full most of the time. */
    @Test
    void linesStayWholeInAPipe(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        FutureTask<List<String>> read = new FutureTask<>(() -> Files.readAllLines(pipe));
        Thread.ofPlatform().start(read);
        Set<String> expected = new HashSet<>();
        try (OutputStream out = new FileOutputStream(pipe.toFile())) {
            LineOutput lines = new LineOutput(out);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                List<String> own = lines(t);
                expected.addAll(own);
                threads.add(
                        Thread.ofPlatform().start(() -> own.forEach(l -> lines.accept(l + "\n"))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<String> came = read.get(20, TimeUnit.SECONDS);
        assertEquals(expected.size(), came.size());
        assertEquals(expected, Set.copyOf(came));
    }

    private static List<String> lines(int thread) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int length = i % 7 == 0 ? 9_000 : i % 300;
            lines.add(
                    "{\"t\":" + thread + ",\"i\":" + i + ",\"ä\":\"" + "x".repeat(length) + "\"}");
        }
        return lines;
    }

    @Test
    void aLineIsOneWrite() {
        List<Integer> writes = new ArrayList<>();
        new LineOutput(new Written(writes)).accept("four\n");
        assertEquals(List.of(5), writes);
    }

    @Test
    void aClosedOutputHarmsNoCall() {
        List<Integer> writes = new ArrayList<>();
        LineOutput lines = new LineOutput(new Written(writes));
        lines.accept("\n");
        lines.accept("and again\n");
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
