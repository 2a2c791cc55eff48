package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events, found in a stream of bytes that may be cut anywhere.
 *
 * <h2>The format</h2>
 *
 * <p>WHATWG HTML, section 9.2.6. Lines end in LF, CR LF or CR; a byte order mark may stand in
 * front. A line that begins with a colon is a comment. {@code data} lines make up the event's data,
 * joined by LF; an empty line ends the event. Other fields are passed over: every vendor so far
 * repeats in the data what its {@code event} field says. One leniency: an event whose empty line is
 * missing when the stream ends counts, because servers leave it out behind their last event.
 *
 * <h2>What passes when</h2>
 *
 * <p>Without {@code holding} a chunk is returned as it came. With it, the listener may claim an
 * event, which is then taken out of the stream with its lines and its empty line. That is known
 * only at its end, so the bytes of an event that has begun are held until then; comments before it
 * are not. The bytes in a chunk are decided in order: those before {@code decided} may pass (from
 * {@code passFrom} on) or were taken out, the rest belongs to the event that has not ended. A CR
 * that ends an event may have its LF in the next chunk; what is then first in line shares the fate
 * of the CR.
 *
 * <h2>Bounds</h2>
 *
 * <p>An event over {@link #MAX_EVENT_BYTES} passes by without being read.
 */
final class EventStream {
    /**
     * The largest events known are the last ones of OpenAI's Responses, which repeat the whole
     * response: some hundred thousand tokens of text and a few images of 2 to 4 MB.
     */
    static final int MAX_EVENT_BYTES = 16 << 20;

    private static final int FIRST_BYTES = 4_096;
    private static final int KEPT_BYTES = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final Buffer NOTHING = Buffer.buffer(0);

    /** Is shown each event that has data. */
    @FunctionalInterface
    interface Listener {
        /**
         * Looks at an event.
         *
         * @param data holds the event's data in its first {@code length} bytes; only during the
         *     call
         * @return whether to take the event out of the stream, where that was asked for
         */
        boolean claims(byte[] data, int length);
    }

    /** What the line being read has turned out to be. */
    private enum Line {
        MARK,
        EMPTY,
        NAME,
        SPACE,
        DATA,
        COMMENT,
        OTHER
    }

    private final Listener listener;
    private final boolean holding;

    // The event being read.
    private byte[] data = new byte[FIRST_BYTES];
    private int length;
    private boolean hasData;
    private boolean hasFields;
    private boolean tooLong;
    private long payloadBytes;
    private long heldPayloadBytes;

    // The line being read.
    private Line line = Line.MARK;
    private int matched;
    private boolean afterCr;

    // The chunk being read.
    private Buffer chunk = NOTHING;
    private int passFrom;
    private int decided;
    private boolean claimedLast;
    private @Nullable Buffer held;
    private @Nullable Buffer out;

    /**
     * Reads a stream.
     *
     * @param holding whether events that the listener claims are taken out
     */
    EventStream(Listener listener, boolean holding) {
        this.listener = listener;
        this.holding = holding;
    }

    /** Bytes of data in the events that have passed, without field names and line ends. */
    long payloadBytes() {
        return payloadBytes;
    }

    /** Reads the next bytes and returns those that may pass, possibly none. */
    Buffer read(Buffer next) {
        chunk = next;
        passFrom = 0;
        decided = 0;
        byte[] bytes = Bytes.of(next);
        int at = 0;
        while (at < bytes.length) {
            at = step(bytes, at);
        }
        if (!holding) {
            return next;
        }
        int undecided = bytes.length - decided + (held == null ? 0 : held.length());
        if (undecided > MAX_EVENT_BYTES) {
            tooLong = true;
            decide(bytes.length, false);
        } else if (tooLong) {
            decide(bytes.length, false);
        } else if (decided < bytes.length) {
            held =
                    (held == null ? Buffer.buffer() : held)
                            .appendBuffer(next, decided, bytes.length - decided);
        }
        return passed();
    }

    /** The stream has ended: returns what was held and is not claimed. */
    Buffer end() {
        chunk = NOTHING;
        passFrom = 0;
        decided = 0;
        eventEnds(0);
        return holding ? passed() : NOTHING;
    }

    /** Reads one byte, or a run of data, and returns where to go on. */
    private int step(byte[] bytes, int at) {
        byte b = bytes[at];
        if (b == '\n' && afterCr) {
            afterCr = false;
            if (held == null && decided == at) {
                decide(at + 1, claimedLast);
            }
            return at + 1;
        }
        afterCr = b == '\r';
        if (b == '\n' || b == '\r') {
            lineEnds(at + 1);
            return at + 1;
        }
        if (line == Line.DATA || (line == Line.SPACE && b != ' ')) {
            line = Line.DATA;
            int end = lineEnd(bytes, at);
            append(bytes, at, end);
            return end;
        }
        line = begin(b);
        return line == Line.COMMENT || line == Line.OTHER ? lineEnd(bytes, at) : at + 1;
    }

    /** What the line is, with this byte. */
    private Line begin(byte b) {
        return switch (line) {
            case MARK -> {
                boolean fits = b == BYTE_ORDER_MARK[matched];
                if (!fits && matched == 0) {
                    line = Line.EMPTY;
                    yield begin(b);
                }
                matched = fits ? (matched + 1) % BYTE_ORDER_MARK.length : 0;
                yield !fits ? Line.OTHER : matched == 0 ? Line.EMPTY : Line.MARK;
            }
            case EMPTY -> {
                matched = 1;
                yield b == ':' ? Line.COMMENT : b == DATA[0] ? Line.NAME : Line.OTHER;
            }
            case NAME -> {
                if (matched == DATA.length) {
                    yield b == ':' ? startData() : Line.OTHER;
                }
                yield b == DATA[matched++] ? Line.NAME : Line.OTHER;
            }
            case SPACE -> Line.DATA;
            case DATA, COMMENT, OTHER -> line;
        };
    }

    private Line startData() {
        if (hasData) {
            append(new byte[] {'\n'}, 0, 1);
        }
        hasData = true;
        return Line.SPACE;
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private void append(byte[] bytes, int from, int to) {
        int count = to - from;
        payloadBytes += count;
        heldPayloadBytes += count;
        if (tooLong || count > MAX_EVENT_BYTES - length) {
            tooLong = true;
            return;
        }
        if (length + count > data.length) {
            data = Arrays.copyOf(data, Math.max(length + count, 2 * data.length));
        }
        System.arraycopy(bytes, from, data, length, count);
        length += count;
    }

    private void lineEnds(int after) {
        Line ended = line;
        boolean bareData = ended == Line.NAME && matched == DATA.length;
        line = Line.EMPTY;
        matched = 0;
        if (ended == Line.EMPTY || ended == Line.MARK) {
            eventEnds(after);
        } else if (ended == Line.COMMENT) {
            if (!hasFields) {
                decide(after, false);
            }
        } else {
            hasFields = true;
            if (bareData) {
                startData();
            }
        }
    }

    private void eventEnds(int after) {
        boolean claimed = hasData && !tooLong && listener.claims(data, length) && holding;
        if (claimed) {
            payloadBytes -= heldPayloadBytes;
        }
        decide(after, claimed);
        length = 0;
        hasData = false;
        hasFields = false;
        tooLong = false;
        heldPayloadBytes = 0;
        if (data.length > KEPT_BYTES) {
            data = new byte[FIRST_BYTES];
        }
    }

    /** Everything before {@code end} that was undecided passes, or is taken out. */
    private void decide(int end, boolean claimed) {
        claimedLast = claimed;
        if (claimed) {
            flush();
            passFrom = end;
            held = null;
        } else if (held != null) {
            out = out == null ? held : out.appendBuffer(held);
            held = null;
        }
        decided = end;
    }

    private void flush() {
        if (decided > passFrom) {
            out =
                    (out == null ? Buffer.buffer() : out)
                            .appendBuffer(chunk, passFrom, decided - passFrom);
        }
        passFrom = decided;
    }

    private Buffer passed() {
        if (out == null && passFrom == 0 && decided == chunk.length()) {
            return chunk;
        }
        flush();
        Buffer passed = out == null ? NOTHING : out;
        out = null;
        return passed;
    }
}
