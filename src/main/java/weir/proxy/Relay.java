package weir.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import weir.provider.UsageReader;

/**
 * Brings an answer back: every chunk goes on at once while the usage reader looks at it.
 *
 * <p>Back-pressure: while the caller's socket is full, or money for more has been asked for and is
 * not granted yet, the provider's is not read. Nothing is queued here but the chunk in hand, with
 * one exception: a plain answer of a metered call is held up to {@link
 * Bounds#MAX_HELD_ANSWER_BYTES}, so that its head can say what it cost; but not one that begins
 * with white space, by which a provider says that it is still there.
 */
final class Relay {
    interface Events extends Guard {
        /** The head is about to go out; {@code whole} if the body has been seen to its end. */
        void head(HttpServerResponse to, boolean whole);

        /** A chunk has been looked at, and has gone on. */
        void passed();

        /** Bytes came from the provider, or the caller has made room for more. */
        void moving();

        /**
         * The caller reads more slowly than the provider writes: waiting is not the provider's
         * fault.
         */
        void stalledByCaller();

        /** All of a stream has been written; {@code to} is still open for a last word. */
        void lastWord(HttpServerResponse to);

        /** The answer has come to its end. */
        void complete();

        void broken(Throwable cause);
    }

    enum Mode {
        /** Everything passes as it comes. */
        PASS,
        /**
         * As it comes, but not every byte does: the usage event that Weir asked for is taken out.
         */
        FILTER,
        /** Hold a small answer until its end. */
        HOLD
    }

    private static final Buffer EMPTY = Buffer.buffer();

    private final HttpClientResponse from;
    private final ReadStream<Buffer> body;
    private final HttpServerResponse to;
    private final UsageReader reader;
    private final Events events;
    private final Mode mode;
    private boolean holding;
    private Buffer held = EMPTY;
    private boolean heldIsOurs;
    private boolean over;
    private boolean callerGone;
    private boolean callerIsFull;
    private boolean paused;
    private long bytes;

    Relay(Reply reply, HttpServerResponse to, UsageReader reader, Mode mode, Events events) {
        this.from = reply.head();
        this.body = reply.body();
        this.to = to;
        this.reader = reader;
        this.events = events;
        this.mode = mode;
        this.holding = mode == Mode.HOLD;
    }

    long bytes() {
        return bytes;
    }

    void begin(HttpMethod method) {
        body.exceptionHandler(this::broken);
        body.endHandler(end -> events.guarded(this::end));
        if (!holding) {
            writeHead(method.equals(HttpMethod.HEAD));
        }
        // A caller that was gone by the head may have ended the body, which takes no handler then.
        if (!over) {
            body.handler(chunk -> events.guarded(() -> chunk(chunk)));
        }
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        events.moving();
        Buffer out = reader.read(chunk);
        if (!callerGone && out.length() > 0) {
            if (holding && held.length() == 0 && isFiller(out)) {
                passFrom(out);
            } else if (holding) {
                hold(out);
            } else {
                write(out);
            }
        }
        events.passed();
    }

    private void hold(Buffer chunk) {
        keep(chunk);
        if (held.length() > Bounds.MAX_HELD_ANSWER_BYTES) {
            passFrom(release());
        }
    }

    /** Most answers are one chunk, which the usage reader may keep too: it is not written to. */
    private void keep(Buffer chunk) {
        if (held.length() == 0) {
            held = chunk;
        } else if (heldIsOurs) {
            held.appendBuffer(chunk);
        } else {
            held = Buffer.buffer().appendBuffer(held).appendBuffer(chunk);
            heldIsOurs = true;
        }
    }

    /** White space in front of an answer is a sign of life: it is not for holding back. */
    private static boolean isFiller(Buffer chunk) {
        for (int i = 0; i < chunk.length(); i++) {
            if (chunk.getByte(i) > ' ' || chunk.getByte(i) < 0) {
                return false;
            }
        }
        return true;
    }

    private void passFrom(Buffer first) {
        holding = false;
        writeHead(false);
        write(first);
    }

    private Buffer release() {
        Buffer all = held;
        held = EMPTY;
        holding = false;
        return all;
    }

    private void writeHead(boolean withoutBody) {
        to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
        Headers.copyResponse(from.headers(), to.headers());
        if (mode == Mode.FILTER) {
            to.headers().remove(Headers.CONTENT_LENGTH);
        }
        boolean framed = to.headers().contains(Headers.CONTENT_LENGTH);
        if (!framed && !withoutBody && from.statusCode() != 204 && from.statusCode() != 304) {
            to.setChunked(true);
        }
        events.head(to, false);
        if (to.isChunked()) {
            // An empty write sends the head: a caller should see a stream begin before its first
            // event.
            to.write(EMPTY);
        }
    }

    private void write(Buffer chunk) {
        bytes += chunk.length();
        to.write(chunk);
        if (to.writeQueueFull()) {
            callerIsFull = true;
            body.pause();
            events.stalledByCaller();
            to.drainHandler(drained -> {
                callerIsFull = false;
                events.moving();
                flow();
            });
        }
    }

    /** Nothing more is read until {@link #resume}; a chunk that is on its way may still come. */
    void pause() {
        paused = true;
        body.pause();
    }

    void resume() {
        paused = false;
        flow();
    }

    private void flow() {
        if (!paused && !callerIsFull) {
            body.resume();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        Buffer rest = reader.end();
        over = true;
        if (holding && !callerGone) {
            endHeld(rest);
        } else if (!callerGone) {
            if (rest.length() > 0) {
                write(rest);
            }
            from.trailers().forEach(t -> to.putTrailer(t.getKey(), t.getValue()));
            events.lastWord(to);
            to.end();
        }
        events.complete();
    }

    private void endHeld(Buffer rest) {
        if (rest.length() > 0) {
            keep(rest);
        }
        Buffer all = release();
        bytes += all.length();
        to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
        Headers.copyResponse(from.headers(), to.headers());
        to.headers().set(Headers.CONTENT_LENGTH, Integer.toString(all.length()));
        events.head(to, true);
        to.end(all);
    }

    /**
     * Ends a stream before its end; what is held of an event that has begun is dropped.
     *
     * @param ending in place of what would have come
     */
    void end(Buffer ending) {
        over = true;
        if (!callerGone) {
            write(ending);
            events.lastWord(to);
            to.end();
        }
    }

    /** Whether all has been handed to the caller's connection: that it closes now is no loss. */
    boolean isOver() {
        return over;
    }

    /** The caller has left: keep reading for the usage, write nothing. */
    void callerGone() {
        callerGone = true;
        callerIsFull = false;
        flow();
    }

    /** Stop without an event. */
    void abandon() {
        over = true;
    }

    private void broken(Throwable cause) {
        if (!over) {
            over = true;
            reader.end();
            events.broken(cause);
        }
    }
}
