package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SilenceTest {
    private static final long MAX_MILLIS = 1_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    SilenceTest() {
        channel.freezeTime();
        channel.pipeline().addFirst(new Silence(MAX_MILLIS));
    }

    private static ByteBuf bytes() {
        return Unpooled.copiedBuffer(new byte[] {1});
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aSilentConnectionIsClosed() {
        pass(MAX_MILLIS);
        assertTrue(channel.isOpen());
        pass(MAX_MILLIS);
        assertFalse(channel.isOpen());
    }

    @Test
    void oneThatIsReadFromIsNot() {
        assertStaysOpen(() -> channel.writeInbound(bytes()));
    }

    @Test
    void oneThatIsWrittenToIsNot() {
        assertStaysOpen(() -> channel.writeOutbound(bytes()));
    }

    private void assertStaysOpen(Runnable sign) {
        for (int i = 0; i < 5; i++) {
            sign.run();
            pass(MAX_MILLIS);
        }
        assertTrue(channel.isOpen());
    }

    @Test
    void nothingIsLeftBehindByAClosedOne() {
        assertTrue(channel.close().isSuccess());
        assertEquals(-1, channel.runScheduledPendingTasks());
    }
}
