package weir.proxy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads one direction of a WebSocket as it goes by (RFC 6455, section 5): where messages end, and
 * what they say. It keeps nothing but the head of the frame that it is in, so a message may be as
 * long as it likes, and it changes nothing: frames pass as they came, fragments, pings and all.
 *
 * <p>What is wrong with a frame is for its receiver to say.
 */
final class Frames {
    /** Why reading has stopped. */
    enum Stop {
        /** All of the chunk is read. */
        CHUNK,
        /** A message is whole. */
        MESSAGE,
        /** A close frame is whole: nothing but the connection's end follows. */
        CLOSE
    }

    /** The longest reason in a close frame, in bytes: a control frame has 125, two are the code. */
    private static final int MAX_REASON_BYTES = 123;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;

    /** Two bytes, eight of a length, four of a mask. */
    private final byte[] head = new byte[14];

    private final Consumer<Buffer> payload;
    private int headLength;
    private int headNeeds = 2;
    private boolean inFrame;
    private boolean inMessage;
    private long leftBytes;
    private int maskAt;
    private Stop stop = Stop.CHUNK;

    /**
     * One direction.
     *
     * @param payload is given what messages say, unmasked, piece by piece
     */
    Frames(Consumer<Buffer> payload) {
        this.payload = payload;
    }

    /**
     * Reads on, to the end of a message or of the chunk.
     *
     * @return where it stopped, for the reason that {@link #stop} tells
     */
    int read(Buffer chunk, int from) {
        int at = from;
        stop = Stop.CHUNK;
        while (at < chunk.length()) {
            if (!inFrame) {
                at = readHead(chunk, at);
            }
            if (inFrame) {
                at = readPayload(chunk, at);
                if (leftBytes == 0) {
                    endFrame();
                    if (stop != Stop.CHUNK) {
                        return at;
                    }
                }
            }
        }
        return at;
    }

    Stop stop() {
        return stop;
    }

    /** Whether what has been read ends with a message, so that another one could stand here. */
    boolean between() {
        return !inFrame && !inMessage && headLength == 0;
    }

    private int readHead(Buffer chunk, int from) {
        int at = from;
        while (at < chunk.length() && headLength < headNeeds) {
            head[headLength++] = chunk.getByte(at++);
            if (headLength == 2) {
                headNeeds = 2 + lengthBytes() + (isMasked() ? 4 : 0);
            }
        }
        if (headLength == headNeeds) {
            inFrame = true;
            leftBytes = length();
            maskAt = 0;
        }
        return at;
    }

    private int lengthBytes() {
        return switch (head[1] & 0x7f) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private long length() {
        int bytes = lengthBytes();
        if (bytes == 0) {
            return head[1] & 0x7f;
        }
        long length = 0;
        for (int i = 2; i < 2 + bytes; i++) {
            length = (length << 8) | (head[i] & 0xff);
        }
        return length & Long.MAX_VALUE;
    }

    private boolean isMasked() {
        return (head[1] & MASKED) != 0;
    }

    private boolean isControl() {
        return (head[0] & CLOSE) != 0;
    }

    private int readPayload(Buffer chunk, int from) {
        int to = (int) Math.min(chunk.length(), from + leftBytes);
        leftBytes -= to - from;
        if (!isControl() && to > from) {
            payload.accept(isMasked() ? unmasked(chunk.getBytes(from, to)) : chunk.slice(from, to));
        }
        return to;
    }

    private Buffer unmasked(byte[] masked) {
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= head[headNeeds - 4 + (maskAt + i) % 4];
        }
        maskAt = (maskAt + masked.length) % 4;
        return Buffer.buffer(masked);
    }

    private void endFrame() {
        boolean last = (head[0] & FIN) != 0;
        if (!isControl()) {
            inMessage = !last;
            stop = last ? Stop.MESSAGE : Stop.CHUNK;
        } else if ((head[0] & 0xf) == CLOSE) {
            stop = Stop.CLOSE;
        }
        inFrame = false;
        headLength = 0;
        headNeeds = 2;
    }

    /** A server's message. */
    static Buffer text(Buffer payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) (FIN | TEXT));
        int length = payload.length();
        if (length < 126) {
            frame.appendByte((byte) length);
        } else if (length < 1 << 16) {
            frame.appendByte((byte) 126).appendUnsignedShort(length);
        } else {
            frame.appendByte((byte) 127).appendLong(length);
        }
        return frame.appendBuffer(payload);
    }

    /**
     * The end of a connection.
     *
     * @param masked as a client has to send it; a mask of zeros is one
     */
    static Buffer close(int code, String reason, boolean masked) {
        byte[] words = cut(reason).getBytes(StandardCharsets.UTF_8);
        Buffer frame =
                Buffer.buffer()
                        .appendByte((byte) (FIN | CLOSE))
                        .appendByte((byte) ((masked ? MASKED : 0) | 2 + words.length));
        if (masked) {
            frame.appendInt(0);
        }
        return frame.appendUnsignedShort(code).appendBytes(words);
    }

    private static String cut(String reason) {
        String short123 = reason;
        while (short123.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            short123 = short123.substring(0, short123.offsetByCodePoints(short123.length(), -1));
        }
        return short123;
    }
}
