package weir.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.util.function.BiConsumer;

/**
 * Vert.x's HTTP server, stricter at its door.
 *
 * <p>AWS's SDKs for Node and Java speak HTTP/2 from the first byte, also without TLS. Vert.x can
 * take that only together with the upgrade from HTTP/1.1 to HTTP/2, which nobody needs and which
 * would pass a request by {@link StrictDecoder}; so offers of an upgrade are not heard (RFC 9110,
 * 7.8, lets a server do that), and Vert.x's decoder is replaced once the first bytes have said
 * which protocol it is.
 */
final class FrontDoor extends HttpServerImpl {
    /** The protocol's name, and what Vert.x 4.5 calls its handler that listens for it. */
    private static final String UPGRADE = "h2c";

    /**
     * How long a connection may at least hang around without a byte either way: longer than the
     * timeout that a call has for everything, unless weir.yaml says otherwise.
     */
    private static final long MAX_SILENCE_MILLIS = 3_900_000;

    private final HttpServerOptions given;

    FrontDoor(VertxInternal vertx, HttpServerOptions options) {
        super(vertx, options);
        this.given = options;
    }

    @Override
    protected BiConsumer<Channel, SslChannelProvider> childHandler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        BiConsumer<Channel, SslChannelProvider> usual =
                super.childHandler(context, address, shaping);
        return (channel, ssl) -> {
            usual.accept(channel, ssl);
            channel.pipeline().addFirst(new Silence(MAX_SILENCE_MILLIS));
            if (!given.isSsl()) {
                // Behind the handler that tells the protocols apart.
                channel.pipeline().addLast(new FirstBytes());
            }
        };
    }

    /**
     * Puts handlers of ours beside Vert.x's, on a connection of HTTP/1.1 that has not been read
     * from.
     */
    static void refine(ChannelPipeline pipeline, HttpServerOptions options) {
        StrictDecoder.install(pipeline, options);
        ChunkEncoder.install(pipeline);
    }

    private final class FirstBytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelPipeline pipeline = context.pipeline();
            if (pipeline.get(UPGRADE) != null) {
                refine(pipeline, given);
                pipeline.addBefore(UPGRADE, null, new NoUpgrade());
            }
            context.fireChannelRead(message);
            pipeline.remove(this);
        }
    }

    /** Only the first request of a connection is looked at for an upgrade. */
    private static final class NoUpgrade extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request
                    && request.headers().containsValue(HttpHeaderNames.UPGRADE, UPGRADE, true)) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
            context.fireChannelRead(message);
            context.pipeline().remove(this);
        }
    }
}
