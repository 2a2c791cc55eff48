package weir.proxy;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.ledger.Ledger;
import weir.ledger.LedgerUnavailableException;

/** The data port, on one event loop; deployed once for each, they share the port. */
public final class Listener extends AbstractVerticle {
    /** Room for long cookies and tracing baggage; more is answered with 431. */
    static final int MAX_HEADER_BYTES = 64 << 10;

    /**
     * How long a connection may hang around without a byte either way: longer than the timeout that
     * a call has for everything, unless weir.yaml says otherwise.
     */
    private static final int MAX_SILENCE_SECONDS = 3_900;

    private static final int MAX_REQUEST_LINE_BYTES = 16 << 10;

    private final String host;
    private final int port;
    private final Gate gate;
    private final Supplier<Lane> lanes;
    private @Nullable Lane lane;
    private @Nullable HttpServer server;

    /**
     * Prepares to listen.
     *
     * @param port 0 for any free one
     * @param lanes makes this event loop's lane; called on it
     */
    public Listener(String host, int port, Gate gate, Supplier<Lane> lanes) {
        this.host = host;
        this.port = port;
        this.gate = gate;
        this.lanes = lanes;
    }

    @Override
    public void start(Promise<Void> started) {
        Lane own = lanes.get();
        lane = own;
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setTcpNoDelay(true)
                        // No SDK speaks it without TLS; what is not offered needs no bounds.
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                        .setIdleTimeout(MAX_SILENCE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS);
        server =
                vertx.createHttpServer(options)
                        .connectionHandler(connection -> opened(own, connection, options))
                        .requestHandler(request -> take(own, request))
                        .invalidRequestHandler(this::hangUp);
        server.listen().<Void>mapEmpty().onComplete(started);
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
            StrictDecoder.install(base.channel().pipeline(), options);
            base.channel().closeFuture().addListener(closed -> own.deadlines().closed(connection));
        }
    }

    /** The port that is listened on, known once started. */
    public int port() {
        return server == null ? 0 : server.actualPort();
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
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        Lane own = lane;
        closed.eventually(() -> own == null ? Future.succeededFuture() : own.ledger().close())
                .onComplete(stopped);
    }
}
