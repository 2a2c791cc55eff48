package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes messages of {@code application/vnd.amazon.eventstream}, for tests and simulated vendors.
 */
public final class AwsFrames {
    private static final int AROUND_BYTES = 16;
    private static final byte TEXT = 7;

    private AwsFrames() {}

    public static Buffer event(String type, String json) {
        return message("event", type, json);
    }

    public static Buffer exception(String type, String json) {
        return message("exception", type, json);
    }

    private static Buffer message(String kind, String type, String json) {
        Buffer headers = header(Buffer.buffer(), ":" + kind + "-type", type);
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", kind);
        return message(headers, Buffer.buffer(json));
    }

    static Buffer message(Buffer headers, Buffer payload) {
        Buffer message =
                Buffer.buffer()
                        .appendInt(AROUND_BYTES + headers.length() + payload.length())
                        .appendInt(headers.length());
        message.appendInt(crc(message)).appendBuffer(headers).appendBuffer(payload);
        return message.appendInt(crc(message));
    }

    static Buffer header(Buffer headers, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return headers.appendByte((byte) name.length())
                .appendString(name)
                .appendByte(TEXT)
                .appendShort((short) bytes.length)
                .appendBytes(bytes);
    }

    private static int crc(Buffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.getBytes());
        return (int) crc.getValue();
    }
}
