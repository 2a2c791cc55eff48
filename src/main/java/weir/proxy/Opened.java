package weir.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.provider.Endpoint;
import weir.provider.Peek;
import weir.provider.PeekResult;

/**
 * A session whose first message says what limits need to know: Weir agrees to the WebSocket itself,
 * receives that message, and looks. From here on a refusal is a close frame.
 */
final class Opened {
    /** A setup is instructions and declarations of tools: no model takes more of them. */
    private static final int MAX_BYTES = 1 << 20;

    private final HttpServerRequest request;
    private final Upstream upstream;
    private final Endpoint endpoint;
    private final Lane lane;
    private final Inbound.Events events;
    private final Frames frames = new Frames(this::payload);
    private final Buffer message = Buffer.buffer();
    private Buffer held = Buffer.buffer();
    private @Nullable NetSocket socket;
    private boolean read;
    private boolean closed;

    Opened(
            HttpServerRequest request,
            Upstream upstream,
            Endpoint endpoint,
            Lane lane,
            Inbound.Events events) {
        this.request = request;
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.lane = lane;
        this.events = events;
    }

    void begin(String requestId, Guard guard) {
        MultiMap headers = request.response().headers();
        Upgrade.agree(headers);
        headers.set(
                Headers.SEC_WEBSOCKET_ACCEPT,
                Upgrade.accept(request.getHeader(Headers.SEC_WEBSOCKET_KEY)));
        headers.set(Headers.REQUEST_ID, requestId);
        request.toNetSocket().onComplete(made -> guard.guarded(() -> begin(made, guard)));
    }

    private void begin(AsyncResult<NetSocket> made, Guard guard) {
        if (made.succeeded()) {
            NetSocket open = made.result();
            socket = open;
            open.handler(chunk -> guard.guarded(() -> receive(chunk)));
        }
    }

    NetSocket socket() {
        return Objects.requireNonNull(socket);
    }

    private void receive(Buffer chunk) {
        if (!lane.heldBytes().take(chunk.length())) {
            end(new Inbound.Read.Failed(new Refusal.Overloaded()));
            return;
        }
        held.appendBuffer(chunk);
        if (read) {
            return;
        }
        events.arriving();
        frames.read(chunk, 0);
        if (held.length() > MAX_BYTES) {
            end(new Inbound.Read.Failed(new Refusal.BodyTooLarge(MAX_BYTES)));
        } else if (frames.stop() != Frames.Stop.CHUNK) {
            end(look());
        }
    }

    private void payload(Buffer piece) {
        message.appendBuffer(piece);
    }

    private void end(Inbound.Read what) {
        if (!read) {
            read = true;
            socket().pause();
            events.read(what);
        }
    }

    private Inbound.Read look() {
        String target = Paths.below(upstream.name(), Paths.of(request), request.query());
        return switch (upstream.provider().peek(endpoint, target, request.headers(), message)) {
            case PeekResult.Malformed malformed ->
                    new Inbound.Read.Failed(new Refusal.BadRequest(malformed.message()));
            case PeekResult.InFile elsewhere ->
                    throw new IllegalStateException("sessions do not stand in files");
            case Peek peek -> new Inbound.Read.Looked(upstream.named(peek), Inbound.Body.EMPTY);
        };
    }

    /** What came so far, and is not kept any longer. */
    Buffer release() {
        Buffer all = held;
        held = Buffer.buffer();
        lane.heldBytes().giveBack(all.length());
        return all;
    }

    /** Whether it was ended from here. */
    boolean isClosed() {
        return closed;
    }

    /** Ends it. */
    void close(Buffer lastWords) {
        read = true;
        closed = true;
        release();
        if (socket != null) {
            socket.write(lastWords);
            socket.close();
        }
    }
}
