package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.limit.Reason;
import weir.limit.Standing;

/** How a vendor says no: its error bodies and rate-limit headers. Knows no status code. */
public interface Dialect {
    /**
     * The vendor's own error JSON, with a member {@code weir}, inside {@code error} where that is
     * an object, that names the reason and every limit in the way with limit, used, reserved, left
     * and requested. Money is in decimal strings of USD.
     */
    Buffer errorBody(Reason reason, String message, String requestId, List<Standing> violated);

    /**
     * The vendor's own rate-limit headers for the tightest of these; empty where it has none for
     * them. Limits in shadow mode are not shown.
     */
    default Map<String, String> rateLimitHeaders(List<Standing> standings, Instant now) {
        return Map.of();
    }

    /** Headers beside the body by which this vendor's SDKs tell errors apart. */
    default Map<String, String> errorHeaders(Reason reason) {
        return Map.of();
    }

    /**
     * Headers in which this vendor's SDKs look for how long to wait, beside {@code retry-after}.
     *
     * @param seconds at least 1
     */
    default Map<String, String> retryHeaders(long seconds) {
        return Map.of();
    }

    /**
     * The message with which this vendor tells the caller of a session of an error; null where it
     * only closes the socket.
     */
    default @Nullable Buffer errorEvent(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return null;
    }

    /** The header in which this vendor names a request, and in which its SDKs look for the name. */
    String requestIdHeader();
}
