package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trap 12: Bedrock speaks binary. */
final class AwsEventStreamTest {
    private static final String JSON = "{\"a\":\"\u00e9\"}";

    private final List<String> seen = new ArrayList<>();
    private final AwsEventStream stream =
            new AwsEventStream((type, payload) ->
                    seen.add(type + new String(payload, StandardCharsets.UTF_8)));

    private static Buffer flipped(Buffer message, int at) {
        return message.copy().setByte(at, (byte) (message.getByte(at) ^ 1));
    }

    @Test
    void messagesAreFoundWhereverTheyAreCut() {
        Buffer two = AwsFrames.event("a", JSON).appendBuffer(AwsFrames.event("bc", "{}"));
        for (int cut = 0; cut <= two.length(); cut++) {
            AwsEventStream each =
                    new AwsEventStream((type, payload) -> seen.add(type + payload.length));
            each.read(two.getBuffer(0, cut));
            each.read(two.getBuffer(cut, two.length()));
            assertEquals(List.of("a10", "bc2"), seen, "cut at " + cut);
            assertEquals(12, each.payloadBytes());
            seen.clear();
        }
    }

    @Test
    void aMessageWithAWrongChecksumIsNotShownButTheNextIs() {
        Buffer message = AwsFrames.event("a", JSON);
        for (int at = 12; at < message.length(); at++) {
            AwsEventStream each = new AwsEventStream((type, payload) -> seen.add(type));
            each.read(flipped(message, at));
            each.read(AwsFrames.event("b", JSON));
            assertEquals(List.of("b"), seen, "byte " + at);
            seen.clear();
        }
    }

    /** Nobody knows then where the next one begins. */
    @Test
    void behindAWrongPreludeNothingIsShown() {
        Buffer message = AwsFrames.event("a", JSON);
        for (int at = 0; at < 12; at++) {
            AwsEventStream each = new AwsEventStream((type, payload) -> seen.add(type));
            each.read(flipped(message, at));
            each.read(AwsFrames.event("b", JSON));
            assertEquals(List.of(), seen, "byte " + at);
        }
    }

    @Test
    void anExceptionIsNoEvent() {
        stream.read(AwsFrames.exception("throttlingException", JSON));
        assertEquals(List.of(JSON), seen);
    }

    @Test
    void whatIsTooLargePassesUnread() {
        String large = "x".repeat(AwsEventStream.MAX_MESSAGE_BYTES);
        Buffer message = AwsFrames.event("a", large);
        for (int at = 0; at < message.length(); at += 1 << 20) {
            stream.read(message.getBuffer(at, Math.min(message.length(), at + (1 << 20))));
        }
        assertTrue(stream.payloadBytes() >= large.length());
        stream.read(AwsFrames.event("b", ""));
        assertEquals(List.of("b"), seen);
    }

    @Test
    void headersOfEveryTypeAreSteppedOver() {
        Buffer headers = Buffer.buffer();
        byte[][] values = {
            {0},
            {1},
            {2, 0},
            {3, 0, 0},
            {4, 0, 0, 0, 0},
            {5, 0, 0, 0, 0, 0, 0, 0, 0},
            {6, 0, 1, 9},
            {8, 0, 0, 0, 0, 0, 0, 0, 0},
            {9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
        };
        for (byte[] value : values) {
            headers.appendByte((byte) 1).appendString("x").appendBytes(value);
        }
        AwsFrames.header(headers, ":message-type", "event");
        AwsFrames.header(headers, ":event-type", "a");
        stream.read(AwsFrames.message(headers, Buffer.buffer(JSON)));
        assertEquals(List.of("a" + JSON), seen);
    }

    @Test
    void headersThatBreakOffNameNoEvent() {
        Buffer headers = Buffer.buffer();
        AwsFrames.header(headers, ":message-type", "event");
        AwsFrames.header(headers, ":event-type", "a");
        for (int end = 1; end < headers.length(); end++) {
            stream.read(AwsFrames.message(headers.getBuffer(0, end), Buffer.buffer("{}")));
        }
        assertEquals(headers.length() - 1, seen.size());
        assertTrue(seen.stream().allMatch("{}"::equals));
    }
}
