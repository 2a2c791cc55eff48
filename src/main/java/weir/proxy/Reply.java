package weir.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer.
 *
 * @param body the head's own, or the same with its beginning read already
 */
record Reply(HttpClientResponse head, ReadStream<Buffer> body) {
    static Reply untouched(HttpClientResponse head) {
        return new Reply(head, head);
    }

    /**
     * An answer of which some has been read.
     *
     * @param seen what was read, to come again
     * @param ended whether that is all; else the rest waits, paused
     */
    static Reply begun(HttpClientResponse head, Buffer seen, boolean ended) {
        return new Reply(head, new Again(head, seen, ended));
    }

    /** Gives what was read once more, then the rest, as soon as somebody handles it. */
    private static final class Again implements ReadStream<Buffer> {
        private final HttpClientResponse rest;
        private final Buffer seen;
        private final boolean ended;
        private @Nullable Handler<Void> endHandler;

        Again(HttpClientResponse rest, Buffer seen, boolean ended) {
            this.rest = rest;
            this.seen = seen;
            this.ended = ended;
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            if (!ended) {
                rest.exceptionHandler(handler);
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
            if (handler != null && seen.length() > 0) {
                handler.handle(seen);
            }
            if (!ended) {
                rest.handler(handler);
                rest.resume();
            } else if (endHandler != null) {
                endHandler.handle(null);
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
            endHandler = handler;
            if (!ended) {
                rest.endHandler(handler);
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            if (!ended) {
                rest.pause();
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            if (!ended) {
                rest.resume();
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            if (!ended) {
                rest.fetch(amount);
            }
            return this;
        }
    }
}
