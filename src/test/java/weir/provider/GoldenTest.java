package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recording gives its usage and its bytes, wherever the network cuts it. */
final class GoldenTest {
    private static List<Golden> recordings() {
        return Golden.all();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void inOnePiece(Golden golden) {
        check(golden, golden.feed());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void cutAtEveryByte(Golden golden) {
        for (int cut = 0; cut <= golden.response().length(); cut++) {
            check(golden, golden.feed(cut));
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void byteByByte(Golden golden) {
        check(golden, golden.feed(IntStream.range(0, golden.response().length()).toArray()));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void nothingIsHeldBackUnlessWeirAskedForUsage(Golden golden) {
        if (golden.peek().usageEdit() == null) {
            UsageReader reader = golden.reader();
            for (int i = 0; i < golden.response().length(); i++) {
                assertEquals(1, reader.read(golden.response().getBuffer(i, i + 1)).length());
            }
            assertEquals(0, reader.end().length());
        }
    }

    /**
     * What is read before a stream ends is a part of what will have been read: never more, never
     * complete.
     */
    @ParameterizedTest
    @MethodSource("recordings")
    void brokenOffAnywhere(Golden golden) {
        for (int end = 0; end < golden.response().length(); end++) {
            UsageReader reader = golden.reader();
            Buffer part = golden.response().getBuffer(0, end);
            Buffer passed =
                    Buffer.buffer().appendBuffer(reader.read(part)).appendBuffer(reader.end());
            assertTrue(reader.report().outputBytes() <= end);
            if (reader.report().complete()) {
                assertEquals(golden.lines(), reader.report().lines());
            } else {
                assertEquals(part, passed, "an incomplete report claims no event");
            }
        }
    }

    @Test
    void everyRecordingNamesItsSource() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/golden"))) {
            for (Path response :
                    files.filter(f -> f.getFileName().toString().startsWith("response."))
                            .toList()) {
                assertFalse(Files.readString(response.resolveSibling("SOURCE")).isBlank());
            }
        }
    }

    private static void check(Golden golden, Golden.Seen seen) {
        assertEquals(golden.passed().toString(StandardCharsets.UTF_8), seen.passed());
        assertEquals(golden.lines(), seen.report().lines());
        assertEquals(golden.complete(), seen.report().complete());
    }
}
