package weir.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Writes a chunk of an answer of HTTP/1.1 as one buffer (RFC 9112, section 7.1).
 *
 * <p>Netty's encoder makes three of it, its size, its bytes and its end, each with a promise and a
 * place in the socket's queue. An event of a stream has some hundred bytes, and copying them once
 * costs less; those on the heap are copied for the socket anyway.
 *
 * <p>It stands in front of the encoder and sees every message before it. Heads, the last chunk and
 * bodies with a length are the encoder's; a chunk in between changes nothing in its state, so it
 * need not see it.
 */
final class ChunkEncoder extends ChannelOutboundHandlerAdapter {
    /** What Vert.x 4.5 calls its own encoder. */
    private static final String ENCODER = "httpEncoder";

    private static final int LINE_END = '\r' << 8 | '\n';

    /** The most digits that the size of a buffer can have, and two line ends. */
    private static final int FRAME_BYTES = 8 + 2 * 2;

    private final ChannelHandlerContext encoder;
    private boolean chunked;

    private ChunkEncoder(ChannelHandlerContext encoder) {
        this.encoder = encoder;
    }

    /** Joins Vert.x's encoder on a connection of HTTP/1.1; does nothing where it is not. */
    static void install(ChannelPipeline pipeline) {
        ChannelHandlerContext encoder = pipeline.context(ENCODER);
        if (encoder != null && pipeline.get(ChunkEncoder.class) == null) {
            pipeline.addAfter(ENCODER, null, new ChunkEncoder(encoder));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise's, whose owner listens
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpMessage head) {
            chunked =
                    !(message instanceof LastHttpContent)
                            && HttpUtil.isTransferEncodingChunked(head);
        } else if (message instanceof LastHttpContent) {
            chunked = false;
        } else if (chunked
                && message instanceof HttpContent chunk
                && chunk.content().isReadable()) {
            // From the encoder's place on, as if it had written this itself.
            encoder.write(framed(context, chunk), promise);
            return;
        }
        context.write(message, promise);
    }

    private static ByteBuf framed(ChannelHandlerContext context, HttpContent chunk) {
        ByteBuf content = chunk.content();
        int length = content.readableBytes();
        ByteBuf framed = context.alloc().directBuffer(length + FRAME_BYTES);
        framed.writeCharSequence(Integer.toHexString(length), US_ASCII);
        framed.writeShort(LINE_END);
        framed.writeBytes(content);
        framed.writeShort(LINE_END);
        chunk.release();
        return framed;
    }
}
