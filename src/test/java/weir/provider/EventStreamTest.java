package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Framing: the rows are in {@code framing.txt}. */
final class EventStreamTest {
    private final List<String> events = new ArrayList<>();

    private EventStream stream(boolean holding) {
        return new EventStream(
                (data, length) -> {
                    String text = new String(data, 0, length, StandardCharsets.UTF_8);
                    events.add(text);
                    return text.contains("mine");
                },
                holding);
    }

    private static String plain(String table) {
        return table.replace('/', '\n').replace('%', '\r').replace('^', '\ufeff');
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/framing.txt", delimiter = '|', quoteCharacter = '`')
    void framing(String input, String expectedEvents, String expectedOutput) {
        byte[] bytes = plain(input).getBytes(StandardCharsets.UTF_8);
        List<String> expected =
                expectedEvents.equals("NONE")
                        ? List.of()
                        : List.of(plain(expectedEvents).split(";", -1));
        for (int cut = 0; cut <= bytes.length; cut++) {
            for (int second = cut; second <= bytes.length; second++) {
                events.clear();
                EventStream stream = stream(true);
                Buffer out =
                        Buffer.buffer()
                                .appendBuffer(
                                        stream.read(Buffer.buffer().appendBytes(bytes, 0, cut)))
                                .appendBuffer(
                                        stream.read(
                                                Buffer.buffer()
                                                        .appendBytes(bytes, cut, second - cut)))
                                .appendBuffer(
                                        stream.read(
                                                Buffer.buffer()
                                                        .appendBytes(
                                                                bytes,
                                                                second,
                                                                bytes.length - second)))
                                .appendBuffer(stream.end());
                assertEquals(expected, events, "cut at " + cut + " and " + second);
                assertEquals(
                        plain(expectedOutput),
                        out.toString(StandardCharsets.UTF_8),
                        "cut at " + cut + " and " + second);
            }
        }
    }

    @Test
    void nothingWaitsWhereNothingIsTakenOut() {
        EventStream stream = stream(false);
        Buffer chunk = Buffer.buffer("data: mi");
        assertSame(chunk, stream.read(chunk));
        Buffer rest = Buffer.buffer("ne\n\n");
        assertSame(rest, stream.read(rest));
        assertEquals(0, stream.end().length());
        assertEquals(List.of("mine"), events);
        assertEquals(4, stream.payloadBytes());
    }

    @Test
    void wholeEventsPassAsTheChunkThatTheyCameIn() {
        EventStream stream = stream(true);
        Buffer chunk = Buffer.buffer("data: a\n\ndata: b\n\n: c\n");
        assertSame(chunk, stream.read(chunk));
    }

    @Test
    void payloadIsWhatTheCallerGot() {
        EventStream stream = stream(true);
        stream.read(Buffer.buffer("event: e\ndata: 12345\n\ndata: mine\n\ndata:678\n\ndata: 9"));
        assertEquals(9, stream.payloadBytes());
    }

    @Test
    void anEventOverTheBoundPassesUnread() {
        EventStream stream = stream(true);
        Buffer megabyte = Buffer.buffer("a".repeat(1 << 20));
        long passed = stream.read(Buffer.buffer("data: mine")).length();
        for (int i = 0; i < 17; i++) {
            passed += stream.read(megabyte).length();
        }
        assertEquals(10 + (17L << 20), passed, "what is held is bounded");
        assertEquals(2, stream.read(Buffer.buffer("\n\n")).length());
        assertTrue(events.isEmpty());
        assertEquals(0, stream.read(Buffer.buffer("data: mine\n\n")).length());
        assertEquals(List.of("mine"), events);
    }

    @Test
    void linesThatAreNoDataAreBoundedToo() {
        EventStream stream = stream(true);
        Buffer megabyte = Buffer.buffer("a".repeat(1 << 20));
        long passed = stream.read(Buffer.buffer("event: ")).length();
        for (int i = 0; i < 17; i++) {
            passed += stream.read(megabyte).length();
        }
        assertEquals(7 + (17L << 20), passed);
    }
}
