package weir.proxy;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.provider.Dialect;

/**
 * The one place that answers: refusal to status, headers and body.
 *
 * <p>Two things decide a status. What the provider's own SDK raises for it: the application's error
 * handling has to work as if the provider had said no. And whether that SDK sends the request
 * again: waiting helps against a rate, so 429; it does not help against a spent budget, and every
 * official SDK sends a 429 again but none a 402. 401 and 403 are kept for keys, since clients
 * answer them with a login screen.
 */
final class Answers {
    /**
     * The longest that a caller is told to wait, in seconds. Some SDKs sleep for exactly as long as
     * they are told, without a bound of their own; others give up where it is over 60.
     */
    static final long MAX_RETRY_AFTER_SECONDS = 60;

    private static final CharSequence JSON = "application/json";

    private Answers() {}

    static int status(Reason reason) {
        return switch (reason) {
            case BAD_REQUEST -> 400;
            case UNKNOWN_KEY -> 401;
            case BUDGET_EXHAUSTED, UNPRICED -> 402;
            case NOT_ALLOWED -> 403;
            case NO_ROUTE -> 404;
            case TOO_LARGE -> 413;
            case RATE_LIMITED, BUDGET_RESERVED -> 429;
            case UPSTREAM_UNAVAILABLE -> 502;
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING -> 503;
            case UPSTREAM_TIMEOUT -> 504;
        };
    }

    /** How a socket is closed that was open already (RFC 6455, section 7.4, and its registry). */
    private static int closeCode(Reason reason) {
        return switch (reason) {
            case BAD_REQUEST,
                    UNKNOWN_KEY,
                    BUDGET_EXHAUSTED,
                    UNPRICED,
                    NOT_ALLOWED,
                    NO_ROUTE,
                    TOO_LARGE ->
                    1008;
            case RATE_LIMITED, BUDGET_RESERVED, OVERLOADED, LEDGER_UNAVAILABLE -> 1013;
            case DRAINING -> 1001;
            case UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT -> 1014;
        };
    }

    /** Frames that refuse to the caller of an open socket, and close it. */
    static Buffer lastWords(Refusal refusal, Dialect dialect, String requestId) {
        Reason reason = refusal.reason();
        Buffer close =
                Frames.close(closeCode(reason), reason.word() + ": " + refusal.message(), false);
        Buffer event = dialect.errorEvent(reason, refusal.message(), requestId, violated(refusal));
        return event == null ? close : Frames.text(event).appendBuffer(close);
    }

    /** The same of a provider that refused a session, in its words as far as a head has some. */
    static Buffer lastWords(HttpClientResponse refused) {
        String words = refused.statusCode() + " " + refused.statusMessage();
        return Frames.close(1014, "the provider answered " + words, false);
    }

    /** Whether sending the same request again can help. */
    private static boolean mayRetry(Reason reason) {
        return switch (reason) {
            case RATE_LIMITED,
                    BUDGET_RESERVED,
                    OVERLOADED,
                    LEDGER_UNAVAILABLE,
                    DRAINING,
                    UPSTREAM_UNAVAILABLE,
                    UPSTREAM_TIMEOUT ->
                    true;
            case BUDGET_EXHAUSTED,
                    UNPRICED,
                    UNKNOWN_KEY,
                    NOT_ALLOWED,
                    TOO_LARGE,
                    BAD_REQUEST,
                    NO_ROUTE ->
                    false;
        };
    }

    /**
     * Answers, and notes down what was answered.
     *
     * @param now for the reset times in the provider's headers
     */
    static void send(
            HttpServerRequest request, Refusal refusal, Dialect dialect, Notes notes, Instant now) {
        HttpServerResponse response = request.response();
        Reason reason = refusal.reason();
        List<Standing> violated = violated(refusal);
        response.setStatusCode(status(reason))
                .putHeader(Headers.CONTENT_TYPE, JSON)
                .putHeader(Headers.REQUEST_ID, notes.requestId)
                .putHeader(dialect.requestIdHeader(), notes.requestId)
                .putHeader(Headers.REASON, reason.word())
                .putHeader(Headers.SHOULD_RETRY, mayRetry(reason) ? "true" : "false");
        dialect.errorHeaders(reason).forEach(response::putHeader);
        String limit = refusal.limit();
        if (limit != null) {
            response.putHeader(Headers.LIMIT, headerSafe(limit));
        }
        long retryAfter = retryAfter(refusal);
        if (retryAfter > 0) {
            response.putHeader(Headers.RETRY_AFTER, Long.toString(retryAfter));
            dialect.retryHeaders(retryAfter).forEach(response::putHeader);
        }
        if (!violated.isEmpty()) {
            RateLimitHeaders.put(response.headers(), violated);
            for (Map.Entry<String, String> header :
                    dialect.rateLimitHeaders(violated, now).entrySet()) {
                response.putHeader(header.getKey(), header.getValue());
            }
        }
        if (refusal instanceof Refusal.Draining
                || refusal instanceof Refusal.BodyTooLarge
                || refusal instanceof Refusal.Overloaded) {
            Goodbye.announce(request);
        }
        Buffer body = dialect.errorBody(reason, refusal.message(), notes.requestId, violated);
        notes.status = response.getStatusCode();
        notes.bytesOut = body.length();
        response.end(body);
    }

    /** Answers what is not even HTTP as it should be, as far as its path can be made out. */
    static void unreadable(HttpServerRequest request, Rules rules) {
        Throwable cause = request.decoderResult().cause();
        boolean headers = cause instanceof TooLongHttpHeaderException;
        boolean line = cause instanceof TooLongHttpLineException;
        String message =
                headers
                        ? "The headers are larger than " + Listener.MAX_HEADER_BYTES + " bytes."
                        : line ? "The request line is too long." : "The request is not valid HTTP.";
        String path = Paths.of(request);
        Dialect dialect = rules.upstreamOf(path).dialect(path);
        request.response()
                .setStatusCode(headers ? 431 : line ? 414 : 400)
                .putHeader(Headers.CONTENT_TYPE, JSON)
                .putHeader(Headers.REASON, Reason.BAD_REQUEST.word())
                .putHeader(Headers.CONNECTION, "close")
                .end(dialect.errorBody(Reason.BAD_REQUEST, message, "", List.of()));
    }

    /** Whole seconds, rounded up; 0 where waiting is of no use. */
    static long retryAfter(Refusal refusal) {
        return switch (refusal.reason()) {
            case RATE_LIMITED, BUDGET_RESERVED ->
                    clampSeconds(Standing.longestWaitMillis(violated(refusal)));
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING -> 1;
            case BUDGET_EXHAUSTED ->
                    refusal instanceof Refusal.Limited l && l.tightest().resetMillis() > 0
                            ? clampSeconds(l.tightest().resetMillis())
                            : 0;
            case UNPRICED,
                    UNKNOWN_KEY,
                    NOT_ALLOWED,
                    TOO_LARGE,
                    BAD_REQUEST,
                    NO_ROUTE,
                    UPSTREAM_UNAVAILABLE,
                    UPSTREAM_TIMEOUT ->
                    0;
        };
    }

    private static long clampSeconds(long millis) {
        return Math.clamp(Math.ceilDiv(millis, 1_000), 1, MAX_RETRY_AFTER_SECONDS);
    }

    private static List<Standing> violated(Refusal refusal) {
        return refusal instanceof Refusal.Limited limited ? limited.violated() : List.of();
    }

    /** A limit's name may hold any character; a header may not. */
    static String headerSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) >= 0x7f) {
                return text.replaceAll("[^\\x20-\\x7e]", "?");
            }
        }
        return text;
    }
}
