package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/** Credentials in HTTP headers, in the forms that several vendors share. */
final class Credentials {
    /**
     * What Weir's own keys begin with; {@code weir.key} says the same. An SDK may send a
     * placeholder beside the key, so where several credentials are there, one that can be ours goes
     * first.
     */
    private static final String VIRTUAL_KEY_PREFIX = "wk_";

    private static final String BEARER = "bearer";

    private static final CharSequence PROTOCOLS =
            HttpHeaders.createOptimized("sec-websocket-protocol");

    /** What OpenAI's clients in browsers write before a key. */
    private static final String OFFERED_KEY = "openai-insecure-api-key.";

    private Credentials() {}

    /**
     * All non-empty bearer tokens, in order; the list is the caller's own. The scheme's case does
     * not matter (RFC 9110, 11.1).
     */
    static List<String> bearers(MultiMap headers) {
        List<String> tokens = new ArrayList<>(2);
        for (String header : headers.getAll(HttpHeaders.AUTHORIZATION)) {
            String value = header.strip();
            String token = isBearer(value) ? value.substring(BEARER.length()).strip() : "";
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /**
     * Keys among the protocols that a WebSocket offers, where a browser has to put one: it may set
     * no other header.
     */
    static List<String> offered(MultiMap headers) {
        if (!headers.contains(PROTOCOLS)) {
            return List.of();
        }
        return protocols(headers).stream()
                .filter(protocol -> protocol.startsWith(OFFERED_KEY))
                .map(protocol -> protocol.substring(OFFERED_KEY.length()))
                .filter(key -> !key.isEmpty())
                .toList();
    }

    /** Leaves the protocols alone that are no keys. */
    static void removeOffered(MultiMap headers) {
        if (!headers.contains(PROTOCOLS)) {
            return;
        }
        List<String> all = protocols(headers);
        List<String> others = all.stream().filter(p -> !p.startsWith(OFFERED_KEY)).toList();
        if (others.isEmpty()) {
            headers.remove(PROTOCOLS);
        } else if (others.size() < all.size()) {
            headers.set(PROTOCOLS, String.join(", ", others));
        }
    }

    private static List<String> protocols(MultiMap headers) {
        return headers.getAll(PROTOCOLS).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .toList();
    }

    /** For vendors that take one secret in one header, and nothing else. */
    static String token(Proof proof) {
        if (proof instanceof Proof.Token token) {
            return token.value().reveal();
        }
        throw new IllegalArgumentException("this provider takes a key or token, no AWS keys");
    }

    static void setBearer(MultiMap headers, String secret) {
        headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + secret);
    }

    /**
     * Whether a secret is a token that an identity provider issued (a JWT, RFC 7519) and no key of
     * the vendor's own.
     */
    static boolean isIssued(String secret) {
        return secret.startsWith("eyJ") && secret.indexOf('.') != secret.lastIndexOf('.');
    }

    /** The first that is a virtual key, else the first, else null. */
    static @Nullable String preferred(List<String> presented) {
        for (String key : presented) {
            if (key.startsWith(VIRTUAL_KEY_PREFIX)) {
                return key;
            }
        }
        return presented.isEmpty() ? null : presented.getFirst();
    }

    private static boolean isBearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && value.length() > BEARER.length()
                && Character.isWhitespace(value.charAt(BEARER.length()));
    }
}
