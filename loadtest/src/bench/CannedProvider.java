package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A provider that only sends prepared bytes, so that it is never what is measured: one thread, no
 * JSON, no routes, HTTP/1.1. For everything else there is {@code SimulatedProviderMain}.
 *
 * <pre> CannedProvider PORT [vendors | certificate.pem key.pem] </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends its connection
public final class CannedProvider {
    private static final int MOST_VENDOR_BYTES = 1 << 20;

    private CannedProvider() {}

    public static void main(String[] args) throws InterruptedException, SSLException {
        SslContext tls =
                args.length > 2
                        ? SslContextBuilder.forServer(new File(args[1]), new File(args[2])).build()
                        : null;
        Map<String, byte[]> vendors = args.length == 2 ? VendorsMain.answers() : Map.of();
        EventLoopGroup loop = new EpollEventLoopGroup(1);
        new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                pipeline(channel, tls, vendors);
                            }
                        })
                .bind("127.0.0.1", Integer.parseInt(args[0]))
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }

    private static void pipeline(
            SocketChannel channel, @Nullable SslContext tls, Map<String, byte[]> vendors) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new HttpRequestDecoder());
        if (!vendors.isEmpty()) {
            channel.pipeline().addLast(new HttpObjectAggregator(MOST_VENDOR_BYTES));
        }
        channel.pipeline().addLast(new Answering(vendors));
    }

    /** One connection. */
    private static final class Answering extends ChannelInboundHandlerAdapter {
        private static final byte[] STREAMED = "\"stream\":true".getBytes(US_ASCII);

        /** By path and query, with a mark at the end where the body asks for a stream. */
        private final Map<String, byte[]> vendors;

        private String uri = "";
        private @Nullable Mark mark;

        Answering(Map<String, byte[]> vendors) {
            this.vendors = vendors;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpRequest request) {
                    mark = null;
                    uri = request.uri();
                }
                if (message instanceof HttpContent content) {
                    read(context, content);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void read(ChannelHandlerContext context, HttpContent content) {
            if (mark == null && content.content().isReadable()) {
                mark = Mark.in(content.content());
            }
            if (!vendors.isEmpty()) {
                vendor(context, content);
            } else if (content instanceof LastHttpContent) {
                Mark asked = mark == null ? Mark.PLAIN : mark;
                after(context, asked.firstMillis(), () -> answer(context, asked));
            }
        }

        private void vendor(ChannelHandlerContext context, HttpContent content) {
            ByteBuf body = content.content();
            if (body.isReadable()) {
                ByteBuf needle = Unpooled.wrappedBuffer(STREAMED);
                boolean streamed = uri.contains("stream") || ByteBufUtil.indexOf(needle, body) >= 0;
                byte[] answer = vendors.get(streamed ? uri + " stream" : uri);
                if (answer == null) {
                    context.close();
                } else {
                    context.writeAndFlush(Unpooled.wrappedBuffer(answer));
                }
            }
        }

        private static void answer(ChannelHandlerContext context, Mark asked) {
            if (asked.isStream()) {
                context.write(Canned.streamHead());
                event(context, asked, asked.chunks(), System.nanoTime());
            } else {
                context.writeAndFlush(Canned.plainAnswer());
            }
        }

        /** Sends what is due; a late event does not make those after it late. */
        private static void event(ChannelHandlerContext context, Mark asked, int left, long due) {
            if (left == 0) {
                context.writeAndFlush(Canned.streamTail());
                return;
            }
            context.writeAndFlush(Canned.event(System.nanoTime()));
            long next = due + TimeUnit.MILLISECONDS.toNanos(asked.gapMillis());
            Runnable step = () -> event(context, asked, left - 1, next);
            context.executor().schedule(step, next - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        private static void after(ChannelHandlerContext context, int millis, Runnable step) {
            if (millis == 0) {
                step.run();
            } else {
                context.executor().schedule(step, millis, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
