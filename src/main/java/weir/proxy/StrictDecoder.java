package weir.proxy;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Refuses a request that names both a length and chunks. RFC 9112, section 6.1, allows to drop the
 * length, which is what Netty does; but who sends both is broken or has something to smuggle, and
 * deserves to be told.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
    /** What Vert.x 4.5 calls its own decoder. */
    private static final String NAME = "httpDecoder";

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /**
     * Takes the place of Vert.x's decoder on a connection of HTTP/1.1 that has not been read from
     * yet.
     */
    static void install(ChannelPipeline pipeline, HttpServerOptions options) {
        ChannelHandler decoder = pipeline.get(NAME);
        if (decoder != null && !(decoder instanceof StrictDecoder)) {
            pipeline.replace(NAME, NAME, new StrictDecoder(options));
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a content-length and a transfer-encoding");
    }
}
