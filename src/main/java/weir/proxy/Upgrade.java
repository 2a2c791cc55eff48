package weir.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import weir.limit.Standing;

/**
 * How a request becomes a WebSocket (RFC 6455, section 4). Extensions are not offered on: a message
 * that is compressed could not be read, and who is offered none uses none.
 */
final class Upgrade {
    /** The status by which a server agrees. */
    static final int AGREED = 101;

    private static final String WEBSOCKET = "websocket";

    /** The same for everybody (RFC 6455, section 1.3). */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Upgrade() {}

    /** Who asks for one has no body to send. */
    static boolean isAsked(HttpServerRequest request) {
        MultiMap headers = request.headers();
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().equals(HttpMethod.GET)
                && headers.contains(Headers.UPGRADE, WEBSOCKET, true)
                && headers.getAll(Headers.CONNECTION).stream()
                        .anyMatch(v -> v.toLowerCase(Locale.ROOT).contains("upgrade"))
                && headers.contains(Headers.SEC_WEBSOCKET_KEY)
                && !headers.contains(Headers.CONTENT_LENGTH)
                && !headers.contains(Headers.TRANSFER_ENCODING);
    }

    /** Makes a request of these headers ask for it. */
    static void ask(MultiMap headers) {
        headers.set(Headers.CONNECTION, "Upgrade");
        headers.set(Headers.UPGRADE, WEBSOCKET);
        headers.remove(Headers.SEC_WEBSOCKET_EXTENSIONS);
    }

    /** Makes an answer of these headers agree to it. */
    static void agree(MultiMap headers) {
        headers.set(Headers.CONNECTION, "Upgrade");
        headers.set(Headers.UPGRADE, WEBSOCKET);
    }

    /** The same in the provider's words, with how the caller's limits stand. */
    static void agree(MultiMap provider, List<Standing> standings, MultiMap headers) {
        Headers.copyResponse(provider, headers);
        agree(headers);
        if (!standings.isEmpty()) {
            RateLimitHeaders.put(headers, standings);
            RateLimitHeaders.warn(headers, standings);
        }
    }

    /** What proves to the caller that its key was understood. */
    static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key.strip() + GUID).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
