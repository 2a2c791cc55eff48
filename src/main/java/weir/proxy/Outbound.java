package weir.proxy;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A request body on its way to the provider.
 *
 * @param pieces at least one, to be sent one after the other
 * @param decoded whether it has no content coding any more, although the caller's may have had
 */
record Outbound(List<Buffer> pieces, boolean decoded) {
    Outbound {
        pieces = List.copyOf(pieces);
    }

    long bytes() {
        long sum = 0;
        for (Buffer piece : pieces) {
            sum += piece.length();
        }
        return sum;
    }
}
