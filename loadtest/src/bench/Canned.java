package bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Prepared answers of OpenAI's chat endpoint. An event tells in its text when it was sent, on the
 * clock of {@link System#nanoTime}, which all processes of a machine share.
 */
final class Canned {
    /** What stands in front of a time in an event. */
    static final String BEFORE_TIME = "\"content\":\"";

    /** As many digits as a time has. */
    static final int TIME_DIGITS = 19;

    private static final String COMMON =
            "\"created\":1795478400,\"model\":\"gpt-6-luna\",\"service_tier\":\"default\","
                    + "\"system_fingerprint\":\"fp_sim\"";
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":230,\"completion_tokens\":50,\"total_tokens\":280,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                    + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}";
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-sim\",\"object\":\"chat.completion.chunk\"," + COMMON;

    private static final ByteBuf PLAIN = shared(plain());
    private static final ByteBuf STREAM_HEAD =
            shared(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
                            + "transfer-encoding: chunked\r\n\r\n");
    private static final String STOP =
            CHUNK + ",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String LAST = CHUNK + ",\"choices\":[]," + USAGE + "}\n\n";
    private static final ByteBuf STREAM_TAIL =
            shared(chunked(STOP) + chunked(LAST) + chunked("data: [DONE]\n\n") + "0\r\n\r\n");
    private static final byte[] EVENT =
            chunked(
                            CHUNK
                                    + ",\"choices\":[{\"index\":0,\"delta\":{"
                                    + BEFORE_TIME
                                    + "0".repeat(TIME_DIGITS)
                                    + "\"},\"finish_reason\":null}]}\n\n")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int TIME_AT =
            new String(EVENT, StandardCharsets.US_ASCII).indexOf(BEFORE_TIME)
                    + BEFORE_TIME.length();

    private Canned() {}

    static ByteBuf plainAnswer() {
        return PLAIN.duplicate();
    }

    static ByteBuf streamHead() {
        return STREAM_HEAD.duplicate();
    }

    static ByteBuf streamTail() {
        return STREAM_TAIL.duplicate();
    }

    /** One event of a stream, with the time at which it is sent. */
    static ByteBuf event(long nanos) {
        byte[] event = EVENT.clone();
        long rest = nanos;
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            event[TIME_AT + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return Unpooled.wrappedBuffer(event);
    }

    private static String plain() {
        String text = "A weir regulates the flow of a river. ".repeat(6);
        String body =
                "{\"id\":\"chatcmpl-sim\",\"object\":\"chat.completion\","
                        + COMMON
                        + ",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\""
                        + text
                        + "\"},\"finish_reason\":\"stop\"}],"
                        + USAGE
                        + "}";
        return String.format(
                Locale.ROOT,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s",
                body.length(),
                body);
    }

    private static String chunked(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static ByteBuf shared(String text) {
        return Unpooled.unreleasableBuffer(
                Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII).asReadOnly());
    }
}
