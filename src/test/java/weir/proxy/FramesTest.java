package weir.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.proxy.Frames.Stop;

/** However the bytes of frames are cut, their messages are the same. */
final class FramesTest {
    private final List<String> messages = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private final Frames frames = new Frames(piece -> message.append(piece));

    private static Buffer frame(int first, byte[] mask, String payload) {
        byte[] bytes = payload.getBytes(UTF_8);
        int masked = mask.length == 0 ? 0 : 0x80;
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (bytes.length < 126) {
            frame.appendByte((byte) (masked | bytes.length));
        } else if (bytes.length < 1 << 16) {
            frame.appendByte((byte) (masked | 126)).appendUnsignedShort(bytes.length);
        } else {
            frame.appendByte((byte) (masked | 127)).appendLong(bytes.length);
        }
        frame.appendBytes(mask);
        for (int i = 0; i < bytes.length; i++) {
            frame.appendByte((byte) (bytes[i] ^ (mask.length == 0 ? 0 : mask[i % 4])));
        }
        return frame;
    }

    /** Two fragments around a ping, a message of nothing, a longer one, and the end. */
    private static Buffer stream(byte[] mask, int length) {
        return Buffer.buffer()
                .appendBuffer(frame(0x01, mask, "one "))
                .appendBuffer(frame(0x89, mask, "ping"))
                .appendBuffer(frame(0x80, mask, "message"))
                .appendBuffer(frame(0x82, mask, ""))
                .appendBuffer(frame(0x81, mask, "x".repeat(length)))
                .appendBuffer(frame(0x88, mask, "\u0003\u00e8"));
    }

    private void read(Buffer chunk) {
        int at = 0;
        while (at < chunk.length()) {
            at = frames.read(chunk, at);
            switch (frames.stop()) {
                case CHUNK -> {}
                case MESSAGE -> {
                    messages.add(message.toString());
                    message.setLength(0);
                }
                case CLOSE -> messages.add("closed");
            }
        }
    }

    @Test
    void messagesAreTheSameWhereverTheyAreCut() {
        byte[][] masks = {{}, {1, 2, 3, 4}};
        for (byte[] mask : masks) {
            for (int length : new int[] {125, 126, 300}) {
                Buffer all = stream(mask, length);
                List<String> wanted = List.of("one message", "", "x".repeat(length), "closed");
                for (int cut = 0; cut <= all.length(); cut++) {
                    messages.clear();
                    read(all.slice(0, cut));
                    read(all.slice(cut, all.length()));
                    assertEquals(wanted, messages, "cut at " + cut);
                    assertTrue(frames.between());
                }
            }
        }
        messages.clear();
        Buffer large = frame(0x81, masks[1], "y".repeat(70_000));
        for (int at = 0; at < large.length(); at += 1_000) {
            assertEquals(at == 0, frames.between());
            read(large.slice(at, Math.min(large.length(), at + 1_000)));
        }
        assertEquals(List.of("y".repeat(70_000)), messages);
    }

    @Test
    void betweenFragmentsIsNotBetweenMessages() {
        read(frame(0x01, new byte[0], "one"));
        assertFalse(frames.between());
        read(frame(0x89, new byte[0], ""));
        assertFalse(frames.between());
        read(frame(0x80, new byte[0], ""));
        assertTrue(frames.between());
    }

    @Test
    void whatWeirSaysItselfIsAFrame() {
        for (int length : new int[] {1, 200, 70_000}) {
            Buffer text = Frames.text(Buffer.buffer("z".repeat(length)));
            assertEquals(frame(0x81, new byte[0], "z".repeat(length)), text);
        }
        Buffer close = Frames.close(1008, "é".repeat(100), false);
        assertEquals(2 + 2 + 122, close.length(), "a reason is cut between characters");
        assertEquals(close.length(), frames.read(close, 0));
        assertEquals(Stop.CLOSE, frames.stop());
        Buffer masked = Frames.close(1001, "", true);
        assertEquals(masked.length(), frames.read(masked, 0));
        assertEquals(Stop.CLOSE, frames.stop());
    }
}
