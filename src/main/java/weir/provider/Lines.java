package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Lines that come in chunks, each told whole. A last line without its end counts. */
final class Lines {
    /** Longer lines are not kept. */
    static final int MAX_BYTES = EventStream.MAX_EVENT_BYTES;

    private static final int FIRST_BYTES = 4_096;

    interface Sink {
        /**
         * One line that is not empty, without its end.
         *
         * @param bytes to be read during this call only
         */
        void line(byte[] bytes, int length);

        /** One turns out to be of more than {@link #MAX_BYTES}. */
        void tooLong();
    }

    private final Sink sink;
    private byte[] line = new byte[FIRST_BYTES];
    private int length;
    private boolean tooLong;

    Lines(Sink sink) {
        this.sink = sink;
    }

    /** Tells the pieces of lines in a chunk, and where between them a line ends. */
    static void split(Buffer chunk, Consumer<Buffer> piece, Runnable lineEnds) {
        int from = 0;
        for (int at = 0; at < chunk.length(); at++) {
            if (chunk.getByte(at) == '\n') {
                piece.accept(chunk.slice(from, at));
                lineEnds.run();
                from = at + 1;
            }
        }
        piece.accept(chunk.slice(from, chunk.length()));
    }

    void read(Buffer chunk) {
        split(chunk, this::append, this::end);
    }

    /** How much is kept. */
    int heldBytes() {
        return line.length;
    }

    void end() {
        if (!tooLong && length > 0) {
            sink.line(line, length);
        }
        length = 0;
        tooLong = false;
    }

    private void append(Buffer piece) {
        int count = piece.length();
        if (tooLong) {
            return;
        }
        if (count > MAX_BYTES - length) {
            tooLong = true;
            sink.tooLong();
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        piece.getBytes(0, count, line, length);
        length += count;
    }
}
