package weir.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The end of a connection whose caller has its answer, perhaps before it had sent its whole
 * request.
 *
 * <p>Closing while bytes are unread resets the connection, and a reset can overtake the answer (RFC
 * 9112, section 9.6). So what still comes is read and dropped, but not for ever: who sends on and
 * on, or stops half way, is cut off.
 */
final class Goodbye {
    /**
     * Enough for a body of 32 MiB over a slow link to a pod's loopback; a bound on what is kept.
     */
    private static final long LINGER_MILLIS = 5_000;

    private Goodbye() {}

    /**
     * The answer that is about to be sent is the connection's last. HTTP/2 has other means: the
     * requests beside this one go on.
     */
    static void announce(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(Headers.CONNECTION, "close");
        }
    }

    /** To be called after the answer's end. */
    static void say(Vertx vertx, HttpServerRequest request) {
        boolean last = isLast(request);
        if (request.isEnded()) {
            if (last) {
                request.connection().close();
            }
            return;
        }
        long timer = vertx.setTimer(LINGER_MILLIS, late -> cutOff(request));
        request.handler(dropped -> {});
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            if (last) {
                request.connection().close();
            }
        });
        request.resume();
    }

    private static void cutOff(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    /** Whether that was said, or the end of the connection is the end of the answer. */
    private static boolean isLast(HttpServerRequest request) {
        MultiMap headers = request.response().headers();
        return headers.contains(Headers.CONNECTION, "close", true)
                || (request.version() == HttpVersion.HTTP_1_0
                        && !headers.contains(Headers.CONTENT_LENGTH));
    }
}
