package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Messages of {@code application/vnd.amazon.eventstream}, found in a stream of bytes that may be
 * cut anywhere.
 *
 * <h2>The format</h2>
 *
 * <p>Numbers are big-endian. A message is: its length in all (4 bytes), the length of its headers
 * (4), the CRC-32 of these eight bytes (4); the headers; the payload; the CRC-32 of all before it
 * (4). A header is the length of its name (1), the name, a type (1) and a value, whose length
 * follows from the type or stands before it (2). Headers say what a message is: {@code
 * :message-type} {@code event} with an {@code :event-type}, or {@code exception} with an {@code
 * :exception-type}.
 *
 * <h2>What cannot be believed</h2>
 *
 * <p>A message with a wrong checksum is not shown. Where the first checksum is wrong nobody knows
 * how long the message is, so nothing behind it is read. The bytes pass in any case: the caller's
 * SDK checks for itself.
 */
final class AwsEventStream {
    /** Larger messages pass by unread; the format's own bound is 24 MiB. */
    static final int MAX_MESSAGE_BYTES = 16 << 20;

    private static final int PRELUDE_BYTES = 12;
    private static final int CHECKSUM_BYTES = 4;
    private static final int LEAST_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;
    private static final int FIRST_BYTES = 4_096;
    private static final int KEPT_BYTES = 1 << 16;

    /** Is shown each message that is whole. */
    @FunctionalInterface
    interface Listener {
        /**
         * Looks at a message.
         *
         * @param type its event type; empty for an exception, and for what has none
         */
        void message(String type, byte[] payload);
    }

    private final Listener listener;
    private byte[] data = new byte[FIRST_BYTES];
    private int length;
    private int wanted = PRELUDE_BYTES;
    private long passing;
    private boolean lost;
    private long payloadBytes;

    AwsEventStream(Listener listener) {
        this.listener = listener;
    }

    /** Bytes of payload that have passed, of messages that have not ended too. */
    long payloadBytes() {
        return payloadBytes;
    }

    void read(Buffer chunk) {
        byte[] bytes = Bytes.of(chunk);
        int at = 0;
        while (at < bytes.length) {
            int left = bytes.length - at;
            if (lost || passing > 0) {
                int passed = lost ? left : (int) Math.min(left, passing);
                passing -= lost ? 0 : passed;
                payloadBytes += passed;
                at += passed;
            } else {
                int taken = Math.min(left, wanted - length);
                take(bytes, at, taken);
                at += taken;
            }
        }
    }

    private void take(byte[] bytes, int at, int count) {
        if (length + count > data.length) {
            data = Arrays.copyOf(data, Math.max(length + count, 2 * data.length));
        }
        System.arraycopy(bytes, at, data, length, count);
        length += count;
        payloadBytes += wanted == PRELUDE_BYTES ? 0 : count;
        if (length < wanted) {
            return;
        }
        if (wanted == PRELUDE_BYTES) {
            begin();
        } else {
            end();
        }
    }

    private void begin() {
        ByteBuffer prelude = ByteBuffer.wrap(data, 0, PRELUDE_BYTES);
        long total = Integer.toUnsignedLong(prelude.getInt());
        long headers = Integer.toUnsignedLong(prelude.getInt());
        boolean sound = isSound(PRELUDE_BYTES) && headers + LEAST_BYTES <= total;
        if (!sound) {
            lost = true;
        } else if (total > MAX_MESSAGE_BYTES) {
            passing = total - PRELUDE_BYTES;
            length = 0;
        } else {
            wanted = (int) total;
            payloadBytes -= headers + CHECKSUM_BYTES;
        }
    }

    private void end() {
        if (isSound(length)) {
            int headers = ByteBuffer.wrap(data).getInt(Integer.BYTES);
            int payload = PRELUDE_BYTES + headers;
            String type = type(ByteBuffer.wrap(data, PRELUDE_BYTES, headers));
            listener.message(type, Arrays.copyOfRange(data, payload, length - CHECKSUM_BYTES));
        }
        length = 0;
        wanted = PRELUDE_BYTES;
        if (data.length > KEPT_BYTES) {
            data = new byte[FIRST_BYTES];
        }
    }

    /** Whether the last four of these bytes are the checksum of the others. */
    private boolean isSound(int end) {
        CRC32 crc = new CRC32();
        crc.update(data, 0, end - CHECKSUM_BYTES);
        return (int) crc.getValue() == ByteBuffer.wrap(data).getInt(end - CHECKSUM_BYTES);
    }

    private static String type(ByteBuffer headers) {
        String kind = "";
        String type = "";
        while (headers.hasRemaining()) {
            String name = text(headers, headers.get() & 0xFF);
            String value = name == null || !headers.hasRemaining() ? null : value(headers);
            if (name == null || value == null) {
                return "";
            }
            if (name.equals(":message-type")) {
                kind = value;
            } else if (name.equals(":event-type")) {
                type = value;
            }
        }
        return kind.equals("event") ? type : "";
    }

    /** A header's value where it is text, empty where it is another; null where it is cut off. */
    private static @Nullable String value(ByteBuffer headers) {
        byte type = headers.get();
        return switch (type) {
            case 0, 1 -> "";
            case 2 -> skip(headers, Byte.BYTES);
            case 3 -> skip(headers, Short.BYTES);
            case 4 -> skip(headers, Integer.BYTES);
            case 5, 8 -> skip(headers, Long.BYTES);
            case 9 -> skip(headers, 2 * Long.BYTES);
            case 6, 7 ->
                    headers.remaining() < Short.BYTES
                            ? null
                            : text(headers, Short.toUnsignedInt(headers.getShort()));
            default -> null;
        };
    }

    private static @Nullable String skip(ByteBuffer headers, int count) {
        return text(headers, count) == null ? null : "";
    }

    private static @Nullable String text(ByteBuffer headers, int count) {
        if (headers.remaining() < count) {
            return null;
        }
        byte[] bytes = new byte[count];
        headers.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
