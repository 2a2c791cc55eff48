package weir.proxy;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.ledger.Ledger;
import weir.ledger.LedgerUnavailableException;

/** The data ports, on one event loop; deployed once for each, they share the ports. */
public final class Listener extends AbstractVerticle {
    /** Room for long cookies and tracing baggage; more is answered with 431. */
    static final int MAX_HEADER_BYTES = 64 << 10;

    private static final int MAX_REQUEST_LINE_BYTES = 16 << 10;

    /**
     * What one connection may have sent ahead of being read, over all its streams: some streams
     * that wait must not keep all others from going on.
     */
    private static final int HTTP2_WINDOW_BYTES = 4 << 20;

    private final List<Door> doors;
    private final Gate gate;
    private final Supplier<Lane> lanes;
    private final List<HttpServer> servers = new ArrayList<>();
    private @Nullable Lane lane;

    /**
     * Where calls come in.
     *
     * @param port 0 for any free one
     * @param certificate to show, with its key; null for plain HTTP
     */
    public record Door(String host, int port, @Nullable KeyCertOptions certificate) {}

    /**
     * Prepares to listen.
     *
     * @param doors at least one; all lead to the same lane
     * @param lanes makes this event loop's lane; called on it
     */
    public Listener(List<Door> doors, Gate gate, Supplier<Lane> lanes) {
        this.doors = List.copyOf(doors);
        this.gate = gate;
        this.lanes = lanes;
    }

    @Override
    public void start(Promise<Void> started) {
        Lane own = lanes.get();
        lane = own;
        own.jobs().begin(own, gate);
        Future.all(doors.stream().map(door -> open(own, door)).toList())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private Future<HttpServer> open(Lane own, Door door) {
        HttpServerOptions options = options(door);
        HttpServer server =
                new FrontDoor((VertxInternal) vertx, options)
                        .connectionHandler(connection -> opened(own, connection, options))
                        .requestHandler(request -> take(own, request))
                        .invalidRequestHandler(this::hangUp);
        servers.add(server);
        return server.listen();
    }

    private static HttpServerOptions options(Door door) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(door.host())
                        .setPort(door.port())
                        .setTcpNoDelay(true)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                        .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES)
                        // WebSockets pass as they are; a handler would look for them in each call.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false);
        options.getInitialSettings().setMaxHeaderListSize(MAX_HEADER_BYTES);
        if (door.certificate() != null) {
            options.setSsl(true).setUseAlpn(true).setKeyCertOptions(door.certificate());
        }
        return options;
    }

    private void take(Lane own, HttpServerRequest request) {
        // Null is a version that is neither 1.0 nor 1.1; without WebSockets, which Quarkus
        // switches off, Vert.x leaves it to us.
        if (request.version() == null) {
            hangUp(request);
        } else {
            new Journey(own, gate, request).run();
        }
    }

    private void hangUp(HttpServerRequest request) {
        Answers.unreadable(request, gate.rules());
        Goodbye.say(vertx, request);
    }

    /**
     * Before a connection's first byte. Its close is watched because Vert.x 4.5.27 tells no request
     * of it while a pipelined one behind it is arriving (a NullPointerException in
     * Http1xServerRequest.handleException gets in the way).
     */
    private static void opened(Lane own, HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof ConnectionBase base) {
            FrontDoor.refine(base.channel().pipeline(), options);
            base.channel().closeFuture().addListener(closed -> own.deadlines().closed(connection));
        }
    }

    /** The ports that are listened on, in the doors' order; known once started. */
    public List<Integer> ports() {
        return servers.stream().map(HttpServer::actualPort).toList();
    }

    /** Asks the ledger of this event loop; completes on the caller's context. */
    public <T> Future<T> ask(Function<Ledger, Future<T>> question) {
        Lane own = lane;
        if (own == null) {
            return Future.failedFuture(new LedgerUnavailableException("not started yet"));
        }
        Promise<T> answer = Promise.promise();
        Context asking = vertx.getOrCreateContext();
        context.runOnContext(go ->
                question.apply(own.ledger())
                        .onComplete(result -> asking.runOnContext(v -> answer.handle(result))));
        return answer.future();
    }

    /**
     * Waits until no call is in flight; those that still are after the grace are cut off, as if
     * they had timed out. To be called after {@link Gate#drain}.
     */
    public Future<Void> drained(long graceMillis) {
        Promise<Void> done = Promise.promise();
        Lane own = lane;
        if (own == null) {
            return Future.succeededFuture();
        }
        context.runOnContext(go -> {
            own.room().close();
            own.deadlines().whenEmpty(graceMillis, done);
        });
        return done.future();
    }

    @Override
    public void stop(Promise<Void> stopped) {
        Lane own = lane;
        Future.join(servers.stream().map(HttpServer::close).toList())
                .<Void>mapEmpty()
                .eventually(() -> own == null ? Future.succeededFuture() : own.ledger().close())
                .onComplete(stopped);
    }
}
