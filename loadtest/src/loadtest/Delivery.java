package loadtest;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Sends one answer the way its script says: late, slowly, in part, or as fast as the reader takes
 * it. All of it runs on the request's event loop.
 */
final class Delivery {
    private static final int H2_INTERNAL_ERROR = 2;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Script script;
    private final Answer answer;
    private final Watcher watcher;
    private long writes;
    private long bytes;
    private boolean complete;
    private boolean over;

    /** Is told of every write, and once how the delivery ended. */
    interface Watcher {
        void wrote(int bytes);

        void ended(Exchange.Ending ending);
    }

    Delivery(
            Vertx vertx, HttpServerRequest request, Script script, Answer answer, Watcher watcher) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.script = script;
        this.answer = script.has(Word.GZIP) ? answer.gzipped() : answer;
        this.watcher = watcher;
    }

    void start() {
        response.closeHandler(v -> end(Exchange.Ending.CLIENT_VANISHED));
        response.exceptionHandler(e -> end(Exchange.Ending.CLIENT_VANISHED));
        if (!script.has(Word.STALL_BEFORE_HEADERS)) {
            after(script.number(Word.DELAY, 0), this::head);
        }
    }

    private void head() {
        if (script.has(Word.RESET_BEFORE_HEADERS)) {
            abort();
            return;
        }
        response.setStatusCode(answer.status()).putHeader("content-type", answer.contentType());
        if (script.has(Word.GZIP)) {
            response.putHeader("content-encoding", "gzip");
        }
        if (answer.length() == Answer.CHUNKED) {
            response.setChunked(true);
        } else {
            response.putHeader("content-length", Long.toString(answer.length()));
        }
        long firstByteMillis = script.number(Word.FIRST_BYTE, 0);
        if (firstByteMillis > 0 || stopsAt(0, 0)) {
            response.write(Buffer.buffer());
        }
        after(firstByteMillis, this::body);
    }

    /**
     * One write after the other, until the reader is full, a pause is due or the script ends it.
     */
    private void body() {
        long chunkDelayMillis = script.number(Word.CHUNK_DELAY, 0);
        while (!over && !complete) {
            if (stopsAt(writes, bytes)) {
                stop();
                return;
            }
            write(answer.frames().next());
            if (!complete && chunkDelayMillis > 0) {
                after(chunkDelayMillis, this::body);
                return;
            }
            if (!complete && response.writeQueueFull()) {
                response.drainHandler(v -> body());
                return;
            }
        }
    }

    private void write(Buffer frame) {
        long room =
                Math.min(
                                script.number(Word.CUT_AFTER_BYTES, Long.MAX_VALUE),
                                script.number(Word.STALL_AFTER_BYTES, Long.MAX_VALUE))
                        - bytes;
        boolean whole = frame.length() <= room;
        Buffer part = whole ? frame : frame.slice(0, (int) room);
        writes++;
        bytes += part.length();
        watcher.wrote(part.length());
        if (whole && !answer.frames().hasNext()) {
            complete = true;
            response.end(part).onSuccess(v -> end(Exchange.Ending.COMPLETED));
        } else {
            response.write(part);
        }
    }

    private boolean stopsAt(long afterWrites, long afterBytes) {
        return afterWrites >= script.number(Word.STALL_AFTER_CHUNKS, Long.MAX_VALUE)
                || afterWrites >= script.number(Word.RESET_AFTER_CHUNKS, Long.MAX_VALUE)
                || afterWrites >= script.number(Word.CUT_AFTER_CHUNKS, Long.MAX_VALUE)
                || afterBytes >= script.number(Word.STALL_AFTER_BYTES, Long.MAX_VALUE)
                || afterBytes >= script.number(Word.CUT_AFTER_BYTES, Long.MAX_VALUE);
    }

    /** A stall does nothing more: the connection stays until the client leaves. */
    private void stop() {
        if (script.has(Word.CUT_AFTER_BYTES) || script.has(Word.CUT_AFTER_CHUNKS)) {
            end(Exchange.Ending.CUT);
            leave();
        } else if (script.has(Word.RESET_AFTER_CHUNKS)) {
            abort();
        }
    }

    /** A TCP reset, where the transport can: what is still on the way may be lost. */
    private void abort() {
        end(Exchange.Ending.CUT);
        if (request.connection() instanceof ConnectionBase base && !isHttp2()) {
            base.channelHandlerContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        leave();
    }

    /**
     * Leaves before the answer is complete. In HTTP/2 the other streams of the connection live on.
     */
    private void leave() {
        if (isHttp2()) {
            response.reset(H2_INTERNAL_ERROR);
        } else {
            request.connection().close();
        }
    }

    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }

    private void after(long millis, Runnable step) {
        if (millis == 0) {
            step.run();
            return;
        }
        vertx.setTimer(
                millis,
                id -> {
                    if (!over) {
                        step.run();
                    }
                });
    }

    private void end(Exchange.Ending how) {
        if (!over) {
            over = true;
            watcher.ended(how);
        }
    }
}
