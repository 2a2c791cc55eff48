package weir.provider;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;

/** A buffer's bytes for reading alone. */
final class Bytes {
    private Bytes() {}

    /**
     * The buffer's own array where it is filled to its end, as that of a piece of a body is when it
     * comes off a connection; else a copy. Not to be changed.
     */
    @SuppressWarnings("deprecation") // Vert.x 5 has the same in another class.
    static byte[] of(Buffer buffer) {
        ByteBuf bytes = buffer.getByteBuf();
        boolean whole =
                bytes.hasArray()
                        && bytes.arrayOffset() + bytes.readerIndex() == 0
                        && bytes.array().length == bytes.readableBytes();
        return whole ? bytes.array() : buffer.getBytes();
    }
}
