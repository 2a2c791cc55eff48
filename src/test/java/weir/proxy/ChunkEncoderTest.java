package weir.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ChunkEncoderTest {
    private static EmbeddedChannel encoder() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("httpEncoder", new HttpResponseEncoder());
        return channel;
    }

    private static EmbeddedChannel joined() {
        EmbeddedChannel channel = encoder();
        ChunkEncoder.install(channel.pipeline());
        return channel;
    }

    private static HttpResponse head(String header, String value) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(header, value);
        return head;
    }

    private static HttpResponse chunked() {
        return head("transfer-encoding", "chunked");
    }

    private static HttpContent content(int length) {
        return new DefaultHttpContent(Unpooled.copiedBuffer("x".repeat(length), US_ASCII));
    }

    private static List<String> written(EmbeddedChannel channel) {
        List<String> written = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            written.add(out.toString(US_ASCII));
            out.release();
        }
        return written;
    }

    /** All that goes out, as Netty writes it alone and with what joined it. */
    private static void assertSame(Supplier<List<HttpObject>> messages) {
        EmbeddedChannel usual = encoder();
        EmbeddedChannel ours = joined();
        messages.get().forEach(usual::writeOutbound);
        messages.get().forEach(ours::writeOutbound);
        assertEquals(String.join("", written(usual)), String.join("", written(ours)));
    }

    @Test
    void aChunkIsOneBuffer() {
        EmbeddedChannel channel = joined();
        channel.writeOutbound(chunked());
        written(channel);
        HttpContent chunk = content(300);
        channel.writeOutbound(chunk);
        assertEquals(List.of("12c\r\n" + "x".repeat(300) + "\r\n"), written(channel));
        assertEquals(0, chunk.refCnt());
    }

    @Test
    void aStreamIsWhatNettyWrites() {
        for (int length : new int[] {1, 15, 16, 255, 256, 70_000}) {
            assertSame(() -> {
                LastHttpContent last = new DefaultLastHttpContent();
                last.trailingHeaders().set("x-weir-cost-usd", "0.1");
                return List.of(chunked(), content(0), content(length), content(3), last);
            });
        }
    }

    @Test
    void theLastChunkMayHaveBytes() {
        assertSame(() ->
                List.of(
                        chunked(),
                        content(5),
                        new DefaultLastHttpContent(Unpooled.copiedBuffer("end", US_ASCII))));
    }

    @Test
    void aBodyWithALengthIsNotFramed() {
        assertSame(() ->
                List.of(
                        head("content-length", "7"),
                        content(3),
                        new DefaultLastHttpContent(Unpooled.copiedBuffer("last", US_ASCII))));
    }

    @Test
    void answersFollowEachOther() {
        assertSame(() ->
                List.of(
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE),
                        chunked(),
                        content(9),
                        LastHttpContent.EMPTY_LAST_CONTENT,
                        head("content-length", "4"),
                        content(4),
                        LastHttpContent.EMPTY_LAST_CONTENT,
                        chunked(),
                        content(2),
                        LastHttpContent.EMPTY_LAST_CONTENT));
    }

    @Test
    void itJoinsOnceAndOnlyAnEncoder() {
        EmbeddedChannel without = new EmbeddedChannel();
        ChunkEncoder.install(without.pipeline());
        assertNull(without.pipeline().get(ChunkEncoder.class));

        EmbeddedChannel with = joined();
        List<String> before = with.pipeline().names();
        ChunkEncoder.install(with.pipeline());
        assertEquals(before, with.pipeline().names());
    }
}
