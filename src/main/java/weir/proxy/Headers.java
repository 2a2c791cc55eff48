package weir.proxy;

import static io.vertx.core.http.HttpHeaders.createOptimized;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.key.VirtualKey;

/** Header names, and which headers belong to one hop only (RFC 9110, section 7.6.1). */
final class Headers {
    static final CharSequence REQUEST_ID = createOptimized("x-weir-request-id");
    static final CharSequence REASON = createOptimized("x-weir-reason");
    static final CharSequence LIMIT = createOptimized("x-weir-limit");
    static final CharSequence COST_USD = createOptimized("x-weir-cost-usd");
    static final CharSequence BUDGET_WARNING = createOptimized("x-weir-budget-warning");

    /** The output cap per choice that Weir put into the request. */
    static final CharSequence CLAMPED = createOptimized("x-weir-clamped");

    /** Asked by the caller: {@code trailer} or {@code comment}. */
    static final CharSequence COST = createOptimized("x-weir-cost");

    static final CharSequence SHOULD_RETRY = createOptimized("x-should-retry");
    static final CharSequence RETRY_AFTER = createOptimized("retry-after");
    static final CharSequence RATE_LIMIT = createOptimized("RateLimit");
    static final CharSequence RATE_LIMIT_POLICY = createOptimized("RateLimit-Policy");
    static final CharSequence CONNECTION = createOptimized("connection");
    static final CharSequence CONTENT_LENGTH = createOptimized("content-length");
    static final CharSequence CONTENT_TYPE = createOptimized("content-type");
    static final CharSequence CONTENT_ENCODING = createOptimized("content-encoding");
    static final CharSequence ACCEPT_ENCODING = createOptimized("accept-encoding");
    static final CharSequence TRANSFER_ENCODING = createOptimized("transfer-encoding");
    static final CharSequence TRAILER = createOptimized("trailer");
    static final CharSequence EXPECT = createOptimized("expect");
    static final CharSequence UPGRADE = createOptimized("upgrade");
    static final CharSequence SEC_WEBSOCKET_KEY = createOptimized("sec-websocket-key");
    static final CharSequence SEC_WEBSOCKET_ACCEPT = createOptimized("sec-websocket-accept");
    static final CharSequence SEC_WEBSOCKET_EXTENSIONS =
            createOptimized("sec-websocket-extensions");

    private static final String OURS = "x-weir-";
    private static final List<String> ONE_HOP =
            List.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings");

    private static final List<String> ABOUT_BODIES =
            List.of("content-type", "content-encoding", "accept", "prefer", "idempotency-key");

    private Headers() {}

    /**
     * Copies what may travel on with a request; the body's framing and the host are the next hop's
     * own.
     */
    static void copyRequest(MultiMap from, MultiMap to) {
        String listed = listed(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey();
            if (!oneHop(name, listed)
                    && !is(name, "host")
                    && !is(name, "content-length")
                    && !is(name, "expect")
                    && !name.regionMatches(true, 0, OURS, 0, OURS.length())) {
                to.add(name, header.getValue());
            }
        }
    }

    /**
     * What a later question about a request's work says: all that the request said of who asks, and
     * in which version of the API, but nothing of its body.
     */
    static MultiMap ofQuestion(MultiMap began) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        copyRequest(began, headers);
        ABOUT_BODIES.forEach(headers::remove);
        return headers.set(ACCEPT_ENCODING, "identity");
    }

    /**
     * No provider is ever told a virtual key, in whatever header it stands. What Weir has put there
     * itself stays: an upstream may be another Weir.
     */
    static void removeVirtualKeys(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey();
            if (header.getValue().contains(VirtualKey.PREFIX)
                    && to.getAll(name).equals(from.getAll(name))) {
                to.remove(name);
            }
        }
    }

    /** Copies what may travel back with a response, its length included. */
    static void copyResponse(MultiMap from, MultiMap to) {
        String listed = listed(from);
        for (Map.Entry<String, String> header : from) {
            if (!oneHop(header.getKey(), listed)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** What the connection header names besides, as {@code ,name,name,} in lower case. */
    private static String listed(MultiMap headers) {
        List<String> values = headers.getAll(CONNECTION);
        if (values.isEmpty()) {
            return "";
        }
        String joined = String.join(",", values).toLowerCase(Locale.ROOT).replace(" ", "");
        return "," + joined + ",";
    }

    private static boolean oneHop(String name, String listed) {
        for (String header : ONE_HOP) {
            if (is(name, header)) {
                return true;
            }
        }
        return !listed.isEmpty() && listed.contains("," + name.toLowerCase(Locale.ROOT) + ",");
    }

    private static boolean is(String name, String header) {
        return AsciiString.contentEqualsIgnoreCase(name, header);
    }
}
