package weir.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.provider.Endpoint;
import weir.provider.Peek;
import weir.provider.PeekResult;

/**
 * Receives a request body that limits have to look into, and looks. What a limit needs may stand
 * anywhere in it, also behind a 5 MB image, so it is read whole, up to a bound. Where a vendor
 * wants every body signed, those without a meter are received too, and not looked into.
 */
final class Inbound {
    /**
     * Larger and compressed bodies are looked at on a worker thread: scanning 32 MiB would hold up
     * everybody else.
     */
    private static final int MAX_BYTES_ON_EVENT_LOOP = 256 << 10;

    interface Events extends Guard {
        /** More of the body came. */
        void arriving();

        /** More is to come from the provider, or came. */
        void fetching();

        void read(Read read);
    }

    /** What looking at a body came to. */
    sealed interface Found {}

    /** One that names a file, of which all that limits need is still to be read. */
    record Named(PeekResult.InFile file, Body body) implements Found {}

    /** What came. */
    sealed interface Read extends Found {
        /**
         * A body that can be forwarded.
         *
         * @param owner of the file that it names: another account may not have that; null where it
         *     names none that was read
         */
        record Looked(Peek peek, Body body, @Nullable Credential owner) implements Read {
            Looked(Peek peek, Body body) {
                this(peek, body, null);
            }

            /**
             * What is sent on.
             *
             * @param lowerTo what the output cap has to become; empty where it may stay
             */
            Outbound outbound(OptionalLong lowerTo) {
                List<Peek.BodyEdit> edits = peek.edits(lowerTo);
                return edits.isEmpty()
                        ? new Outbound(List.of(body.sent()), false)
                        : new Outbound(edited(body.plain(), edits), true);
            }
        }

        record Failed(Refusal refusal) implements Read {}
    }

    /**
     * A body as it came.
     *
     * @param sent the caller's own bytes
     * @param plain the same without a content coding
     * @param coded whether these are two buffers
     */
    record Body(Buffer sent, Buffer plain, boolean coded) {
        static final Body EMPTY = new Body(Buffer.buffer(), Buffer.buffer(), false);

        int bytes() {
            return sent.length() + (coded ? plain.length() : 0);
        }
    }

    private final HttpServerRequest request;
    private final Upstream upstream;
    private final Endpoint endpoint;
    private final String target;
    private final Lane lane;
    private final int maxBytes;
    private final Events events;
    private Buffer body = Buffer.buffer();
    private int takenBytes;
    private boolean over;
    private boolean released;
    private @Nullable FileLook file;

    Inbound(
            HttpServerRequest request,
            Upstream upstream,
            Endpoint endpoint,
            Lane lane,
            Events events) {
        this.request = request;
        this.upstream = upstream;
        this.target = Paths.below(upstream.name(), Paths.of(request), request.query());
        this.endpoint = endpoint;
        this.lane = lane;
        this.maxBytes = lane.bounds().maxBodyBytes();
        this.events = events;
    }

    void begin() {
        String length = request.getHeader(Headers.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > maxBytes) {
            end(new Read.Failed(new Refusal.BodyTooLarge(maxBytes)));
            return;
        }
        if (request.headers().contains(Headers.EXPECT)) {
            request.response().writeContinue();
        }
        request.handler(this::receive);
        request.endHandler(end -> received());
    }

    private void receive(Buffer chunk) {
        if (over) {
            return;
        }
        events.arriving();
        if (!lane.heldBytes().take(chunk.length())) {
            end(noRoom());
            return;
        }
        takenBytes += chunk.length();
        // Most come in one piece, which is nobody else's, and is read where it lies.
        body = body.length() == 0 ? chunk : body.appendBuffer(chunk);
        if (body.length() > maxBytes) {
            end(new Read.Failed(new Refusal.BodyTooLarge(maxBytes)));
        }
    }

    private void received() {
        if (over) {
            return;
        }
        boolean plain = request.getHeader(Headers.CONTENT_ENCODING) == null;
        if (plain && body.length() <= MAX_BYTES_ON_EVENT_LOOP) {
            end(look());
        } else {
            lane.vertx()
                    .executeBlocking(this::look, false)
                    .onSuccess(this::end)
                    .onFailure(bug -> {
                        lane.log().bug(bug);
                        end(new Read.Failed(new Refusal.BadRequest("The body cannot be read.")));
                    });
        }
    }

    private void end(Found found) {
        over = true;
        body = Buffer.buffer();
        if (released) {
            return;
        }
        switch (found) {
            case Read.Failed failed -> events.read(failed);
            case Read.Looked looked -> events.read(hasRoom(looked.body()) ? looked : noRoom());
            case Named named -> {
                if (hasRoom(named.body())) {
                    file = new FileLook(lane, upstream, request.headers(), named, events);
                    file.begin();
                } else {
                    events.read(noRoom());
                }
            }
        }
    }

    private static Read noRoom() {
        return new Read.Failed(new Refusal.Overloaded());
    }

    /** What was small when it came may have been compressed. */
    private boolean hasRoom(Body read) {
        int more = Math.max(0, read.bytes() - takenBytes);
        if (more > 0 && !lane.heldBytes().take(more)) {
            return false;
        }
        takenBytes += more;
        return true;
    }

    /** The body is on its way, or will never be: it is not held any more. */
    void release() {
        released = true;
        lane.heldBytes().giveBack(takenBytes);
        takenBytes = 0;
        if (file != null) {
            file.cancel();
        }
    }

    private Found look() {
        if (endpoint.cost() != Endpoint.Cost.METERED) {
            return new Read.Looked(Notes.NOT_PEEKED, new Body(body, body, false));
        }
        @Nullable String coding = request.getHeader(Headers.CONTENT_ENCODING);
        return switch (Coding.decode(body, coding, maxBytes)) {
            case Coding.Decoded.TooLarge tooLarge ->
                    new Read.Failed(new Refusal.BodyTooLarge(maxBytes));
            case Coding.Decoded.Unreadable unreadable ->
                    new Read.Failed(new Refusal.BadRequest(unreadable.why()));
            case Coding.Decoded.Plain plain -> peek(plain.body());
        };
    }

    private Found peek(Buffer plain) {
        boolean coded = request.getHeader(Headers.CONTENT_ENCODING) != null;
        Body came = new Body(body, plain, coded);
        return switch (upstream.provider().peek(endpoint, target, request.headers(), plain)) {
            case PeekResult.Malformed malformed ->
                    new Read.Failed(new Refusal.BadRequest(malformed.message()));
            case PeekResult.InFile elsewhere -> new Named(elsewhere, came);
            case Peek peek -> new Read.Looked(upstream.named(peek), came);
        };
    }

    /** In one piece where that is cheap; a large body is not copied. */
    static List<Buffer> edited(Buffer body, List<Peek.BodyEdit> edits) {
        List<Buffer> pieces = new ArrayList<>();
        int from = 0;
        for (Peek.BodyEdit edit : edits) {
            pieces.add(body.slice(from, edit.from()));
            pieces.add(Buffer.buffer(edit.text()));
            from = edit.to();
        }
        pieces.add(body.slice(from, body.length()));
        if (body.length() > MAX_BYTES_ON_EVENT_LOOP) {
            return pieces;
        }
        Buffer whole = Buffer.buffer(body.length() + 64);
        pieces.forEach(whole::appendBuffer);
        return List.of(whole);
    }
}
