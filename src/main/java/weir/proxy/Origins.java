package weir.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.provider.Outgoing;

/** The connection pools of one event loop, one for each place that upstreams point to. */
public final class Origins {
    /**
     * Connections to one origin from one event loop. A stream holds a connection for minutes, so
     * this is the number of calls at once; past it, calls queue for one until their connect
     * timeout.
     */
    private static final int MAX_CONNECTIONS = 1_024;

    private static final int MAX_QUEUED = 1_024;

    /**
     * Shorter than the idle time after which usual load balancers close a connection without a
     * word.
     */
    private static final int KEEP_ALIVE_SECONDS = 55;

    /**
     * The calls' own deadlines say which timeout it was; these here only end what nobody waits for
     * any more.
     */
    private static final long AFTER_DEADLINE_MILLIS = 1_000;

    private record Origin(
            String scheme,
            String host,
            int port,
            boolean http2,
            @Nullable Path ca,
            long connectMillis) {}

    private final Vertx vertx;
    private final Map<Origin, HttpClient> clients = new HashMap<>();

    public Origins(Vertx vertx) {
        this.vertx = vertx;
    }

    HttpClient client(Upstream upstream) {
        return client(upstream, false);
    }

    /**
     * The pool for one request.
     *
     * @param upgrade whether it asks for a WebSocket, which HTTP/2 has in another way that
     *     providers do not offer
     */
    HttpClient client(Upstream upstream, boolean upgrade) {
        URI url = upstream.baseUrl();
        Origin origin =
                new Origin(
                        url.getScheme(),
                        url.getHost(),
                        port(url),
                        upstream.http2() && !upgrade,
                        upstream.ca(),
                        upstream.timeouts().connectMillis());
        return clients.computeIfAbsent(origin, this::open);
    }

    private HttpClient open(Origin origin) {
        boolean tls = origin.scheme().equals("https");
        HttpClientOptions options =
                new HttpClientOptions()
                        .setDefaultHost(origin.host())
                        .setDefaultPort(origin.port())
                        .setSsl(tls)
                        .setConnectTimeout((int) (origin.connectMillis() + AFTER_DEADLINE_MILLIS))
                        .setMaxPoolSize(MAX_CONNECTIONS)
                        .setHttp2MaxPoolSize(4)
                        .setMaxWaitQueueSize(MAX_QUEUED)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setTcpNoDelay(true)
                        .setMaxHeaderSize(Listener.MAX_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        .setSslHandshakeTimeout(origin.connectMillis() + AFTER_DEADLINE_MILLIS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (tls && origin.http2()) {
            options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
        }
        if (origin.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(origin.ca().toString()));
        }
        return vertx.createHttpClient(options);
    }

    /** What asks an upstream for this. */
    static RequestOptions options(Upstream upstream, Outgoing outgoing) {
        URI base = upstream.baseUrl();
        return new RequestOptions()
                .setMethod(outgoing.method())
                .setHost(base.getHost())
                .setPort(port(base))
                .setSsl(base.getScheme().equals("https"))
                .setURI(outgoing.target())
                .setFollowRedirects(false)
                .setHeaders(outgoing.headers());
    }

    /** Host, and port where it is not the scheme's own, as the Host header has it. */
    static String authority(URI url) {
        boolean usual = port(url) == (url.getScheme().equals("https") ? 443 : 80);
        return usual ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    /** The port of a URL, also where it goes without saying. */
    static int port(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return url.getScheme().equals("https") ? 443 : 80;
    }
}
