package loadtest;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/**
 * A response before it is sent: made one frame after the other, because it may be larger than the
 * memory.
 *
 * @param length of the whole body in bytes; {@link #CHUNKED} where it is not known beforehand
 * @param frames the body, one write each
 */
record Answer(int status, String contentType, long length, Iterator<Buffer> frames) {
    static final long CHUNKED = -1;
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream; charset=utf-8";

    /** Stands for filler text in a plain answer until it is cut there; no real text contains it. */
    private static final String FILLER = "\u0001filler\u0001";

    static Answer error(int status, String json) {
        Buffer body = Buffer.buffer(json);
        return new Answer(status, JSON, body.length(), List.of(body).iterator());
    }

    /** The text as a plain answer's JSON string; {@link #plain} completes it. */
    static String quoted(Text text) {
        return text.filler() ? '"' + FILLER + '"' : Template.quote(text.whole());
    }

    /** A plain answer, in the pieces that the script asks for. */
    static Answer plain(String json, Text text, Script script) {
        int filler = text.filler() ? json.indexOf(FILLER) : -1;
        if (filler >= 0) {
            Buffer head = Buffer.buffer(json.substring(0, filler));
            Buffer tail = Buffer.buffer(json.substring(filler + FILLER.length()));
            Buffer piece = Buffer.buffer(text.piece(0));
            long length = head.length() + (long) text.pieces() * piece.length() + tail.length();
            return new Answer(
                    200,
                    JSON,
                    length,
                    frames(List.of(head), text.pieces(), i -> piece, List.of(tail)));
        }
        Buffer body = Buffer.buffer(json);
        int count = Math.clamp(script.number(Word.CHUNKS, 1), 1, Math.max(1, body.length()));
        return new Answer(200, JSON, body.length(), split(body, count));
    }

    /** A stream: events before the content, {@code count} content events, events after it. */
    static Answer events(
            List<String> head, int count, IntFunction<String> content, List<String> tail) {
        return new Answer(
                200,
                EVENTS,
                CHUNKED,
                frames(buffers(head), count, i -> Buffer.buffer(content.apply(i)), buffers(tail)));
    }

    /** What no client can read, in the right envelope. */
    static Answer garbage(boolean stream) {
        byte[] noise = {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc3, '(', '\n', '\n'};
        Buffer body = Buffer.buffer(stream ? "data: {\"id\": " : "{\"id\": ").appendBytes(noise);
        return new Answer(200, stream ? EVENTS : JSON, body.length(), List.of(body).iterator());
    }

    /** The same, compressed; each frame is flushed, so that a reader sees it when it was sent. */
    Answer gzipped() {
        try {
            return new Answer(status, contentType, CHUNKED, new Gzip(frames));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Buffer> buffers(List<String> texts) {
        List<Buffer> buffers = new ArrayList<>(texts.size());
        for (String text : texts) {
            buffers.add(Buffer.buffer(text));
        }
        return buffers;
    }

    private static Iterator<Buffer> split(Buffer body, int count) {
        if (count == 1) {
            return List.of(body).iterator();
        }
        return frames(
                List.of(),
                count,
                i -> body.slice(cut(body, i, count), cut(body, i + 1, count)),
                List.of());
    }

    private static int cut(Buffer body, int piece, int pieces) {
        return (int) ((long) body.length() * piece / pieces);
    }

    private static Iterator<Buffer> frames(
            List<Buffer> head, int count, IntFunction<Buffer> middle, List<Buffer> tail) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < head.size() + count + tail.size();
            }

            @Override
            public Buffer next() {
                int i = next++ - head.size();
                if (i < 0) {
                    return head.get(i + head.size());
                }
                return i < count ? middle.apply(i) : tail.get(i - count);
            }
        };
    }

    private static final class Gzip implements Iterator<Buffer> {
        private final Iterator<Buffer> plain;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;

        Gzip(Iterator<Buffer> plain) throws IOException {
            this.plain = plain;
            this.gzip = new GZIPOutputStream(bytes, true);
        }

        @Override
        public boolean hasNext() {
            return plain.hasNext();
        }

        @Override
        public Buffer next() {
            try {
                gzip.write(plain.next().getBytes());
                gzip.flush();
                if (!plain.hasNext()) {
                    gzip.finish();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Buffer compressed = Buffer.buffer(bytes.toByteArray());
            bytes.reset();
            return compressed;
        }
    }
}
