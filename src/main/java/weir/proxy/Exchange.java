package weir.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.key.Proof;
import weir.provider.Endpoint;
import weir.provider.Outgoing;

/**
 * The provider's side of one request: opens it, sends it, hands the answer over, or ends it.
 * Whatever happens, exactly one of the events' four endings is called, unless {@link #cancel} came
 * first; then none is.
 */
final class Exchange {
    interface Events extends Guard {
        /** The request is on its way: from here on the provider may be working for money. */
        void sent();

        /** A body that was held is with the kernel, or lost; it need not be held any more. */
        void handedOver();

        /** A piece of a body that passes through went on, or the provider made room for more. */
        void sending();

        /** The answer's head is here; its body waits until somebody handles it. */
        void answered(HttpClientResponse response);

        /** There is nothing to show to the provider, so nothing was opened. */
        void withoutProof(Throwable cause);

        /** No connection, or it closed before an answer. */
        void unreachable(Throwable cause);
    }

    /**
     * What is to be sent.
     *
     * @param body the body to send; null to pipe the caller's own through
     * @param upgrade whether to ask for a WebSocket
     */
    record Order(
            Lane lane,
            HttpServerRequest from,
            Endpoint endpoint,
            @Nullable Outbound body,
            boolean upgrade) {}

    private final Events events;
    private final Upstream upstream;
    private @Nullable HttpClientRequest open;
    private @Nullable Proof shown;
    private boolean over;

    Exchange(Upstream upstream, Events events) {
        this.upstream = upstream;
        this.events = events;
    }

    /**
     * Sends the caller's request on.
     *
     * @param credential null where the server needs none
     * @param others whether another one could be used instead, for which time has to be left
     */
    void begin(Order order, @Nullable Credential credential, boolean others) {
        if (credential == null) {
            open(order, null);
            return;
        }
        Future<Proof> proof = credential.source().proof();
        if (others && !proof.isComplete()) {
            long patience = Math.max(1, upstream.timeouts().connectMillis() / 2);
            order.lane()
                    .vertx()
                    .setTimer(patience, late -> events.guarded(() -> withoutProof(tooLate())));
        }
        proof.onComplete(answer ->
                events.guarded(() -> {
                    if (answer.failed()) {
                        withoutProof(answer.cause());
                    } else if (!over) {
                        shown = answer.result();
                        open(order, shown);
                    }
                }));
    }

    private static Throwable tooLate() {
        return new TimeoutException("the login took more than half of the timeout \"connect\"");
    }

    private void withoutProof(Throwable cause) {
        if (!over && shown == null) {
            over = true;
            events.withoutProof(cause);
        }
    }

    private void open(Order order, @Nullable Proof proof) {
        Outgoing outgoing = outgoing(order);
        upstream.provider().authorise(outgoing, proof);
        Headers.removeVirtualKeys(order.from().headers(), outgoing.headers());
        order.lane()
                .origins()
                .client(upstream, order.upgrade())
                .request(Origins.options(upstream, outgoing))
                .onComplete(opened -> events.guarded(() -> opened(opened, order)));
    }

    private Outgoing outgoing(Order order) {
        HttpServerRequest from = order.from();
        Outbound body = order.body();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        Headers.copyRequest(from.headers(), headers);
        if (order.upgrade()) {
            Upgrade.ask(headers);
        } else if (order.endpoint().cost() == Endpoint.Cost.METERED
                || upstream.provider().links(order.endpoint()) != null) {
            // A compressed answer could not be looked into without decompressing it for everybody.
            headers.set(Headers.ACCEPT_ENCODING, "identity");
        }
        if (body != null && body.decoded()) {
            headers.remove(Headers.CONTENT_ENCODING);
        }
        URI base = upstream.baseUrl();
        return new Outgoing(
                        from.method(),
                        Origins.authority(base),
                        base.getRawPath()
                                + Paths.below(upstream.name(), Paths.of(from), from.query()),
                        headers,
                        body == null ? null : body.pieces())
                .at(order.lane().now());
    }

    private void opened(AsyncResult<HttpClientRequest> opened, Order order) {
        if (opened.failed()) {
            fail(opened.cause());
            return;
        }
        HttpClientRequest request = opened.result();
        request.exceptionHandler(this::fail);
        if (over) {
            request.reset();
            return;
        }
        open = request;
        request.response()
                .onComplete(answer -> {
                    if (answer.failed()) {
                        fail(answer.cause());
                    } else if (over) {
                        request.reset();
                    } else {
                        over = true;
                        events.answered(answer.result());
                    }
                });
        events.sent();
        Outbound body = order.body();
        if (order.upgrade()) {
            order.from().resume();
            request.connect();
        } else if (body != null) {
            send(body, request);
        } else {
            pipe(order.from(), request);
        }
    }

    private void send(Outbound body, HttpClientRequest to) {
        to.putHeader(Headers.CONTENT_LENGTH, Long.toString(body.bytes()));
        List<Buffer> pieces = body.pieces();
        pieces.subList(0, pieces.size() - 1).forEach(to::write);
        to.end(pieces.getLast()).onComplete(written -> events.handedOver());
    }

    /**
     * A body that need not be read goes through as it comes, with back-pressure and its own
     * framing.
     */
    private void pipe(HttpServerRequest from, HttpClientRequest to) {
        String length = from.getHeader(Headers.CONTENT_LENGTH);
        if (length != null) {
            to.putHeader(Headers.CONTENT_LENGTH, length);
        } else if (hasBodyOfUnknownLength(from)) {
            to.setChunked(true);
        } else {
            from.resume();
            to.end();
            return;
        }
        if (from.headers().contains(Headers.EXPECT)) {
            from.response().writeContinue();
        }
        from.handler(chunk -> pass(chunk, from, to));
        from.endHandler(end -> {
            events.sending();
            to.end();
        });
        from.resume();
    }

    /** HTTP/2 frames bodies by itself and says nothing of it. */
    private static boolean hasBodyOfUnknownLength(HttpServerRequest from) {
        boolean framed = from.version() == HttpVersion.HTTP_2;
        return from.headers().contains(Headers.TRANSFER_ENCODING)
                || (framed
                        && !from.method().equals(HttpMethod.GET)
                        && !from.method().equals(HttpMethod.HEAD));
    }

    private void pass(Buffer chunk, HttpServerRequest from, HttpClientRequest to) {
        events.sending();
        to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> {
                events.sending();
                if (!from.isEnded()) {
                    from.resume();
                }
            });
        }
    }

    private void fail(Throwable cause) {
        if (!over) {
            over = true;
            events.unreachable(cause);
        }
    }

    /** What the provider was shown; null where nothing was. */
    @Nullable Proof shown() {
        return shown;
    }

    /** Ends the provider's work at once, whatever stage it is in; no further event comes. */
    void cancel() {
        over = true;
        if (open != null) {
            open.reset();
        }
    }
}
