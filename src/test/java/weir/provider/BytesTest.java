package weir.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Vert.x 5 has the same in another class.
final class BytesTest {
    @Test
    void whatFillsItsArrayIsReadWhereItLies() {
        Buffer buffer = Buffer.buffer(3).appendString("abc");

        assertArrayEquals(new byte[] {'a', 'b', 'c'}, Bytes.of(buffer));
        assertSame(Bytes.of(buffer), Bytes.of(buffer));
    }

    @Test
    void whatIsAPartOfAnArrayOrNoneIsCopied() {
        Buffer grown = Buffer.buffer(64).appendString("abc");
        Buffer front = Buffer.buffer("abcd").slice(0, 3);
        Buffer back = Buffer.buffer("xabc").slice(1, 4);
        Buffer direct = Buffer.buffer(Unpooled.directBuffer().writeBytes(front.getBytes()));

        for (Buffer buffer : List.of(grown, front, back, direct)) {
            assertArrayEquals(new byte[] {'a', 'b', 'c'}, Bytes.of(buffer));
            assertNotSame(Bytes.of(buffer), Bytes.of(buffer));
        }
    }
}
