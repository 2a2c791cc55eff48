package bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What a call asks of the provider. It stands in the first message, because that is the one thing
 * that every proxy hands on; one without a mark gets the plain answer at once.
 *
 * @param chunks how many events carry content; 0 for a plain answer
 * @param gapMillis between two of them
 * @param firstMillis from the request's end to the answer's first byte
 */
public record Mark(int chunks, int gapMillis, int firstMillis) {
    static final Mark PLAIN = new Mark(0, 0, 0);

    private static final String BEGIN = "@sim ";
    private static final ByteBuf NEEDLE =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer(BEGIN, StandardCharsets.US_ASCII).asReadOnly());
    private static final char END = ';';
    private static final int MOST_BYTES = 32;

    static Mark stream(int chunks, int gapMillis) {
        return new Mark(chunks, gapMillis, 0);
    }

    boolean isStream() {
        return chunks > 0;
    }

    /** How long the answer takes. */
    long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(firstMillis + (long) chunks * gapMillis);
    }

    /** The text to begin a message with. */
    String text() {
        return BEGIN + chunks + ' ' + gapMillis + ' ' + firstMillis + END;
    }

    /** The mark in the first bytes of a body. */
    static Mark in(ByteBuf body) {
        int at = ByteBufUtil.indexOf(NEEDLE.duplicate(), body);
        if (at < 0) {
            return PLAIN;
        }
        int begin = at + BEGIN.length();
        int length = Math.min(MOST_BYTES, body.writerIndex() - begin);
        String text = body.toString(begin, length, StandardCharsets.US_ASCII);
        String[] numbers = text.substring(0, Math.max(0, text.indexOf(END))).split(" ", -1);
        return numbers.length == 3
                ? new Mark(number(numbers[0]), number(numbers[1]), number(numbers[2]))
                : PLAIN;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
