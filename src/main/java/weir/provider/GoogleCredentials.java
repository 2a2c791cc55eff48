package weir.provider;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Where Google's APIs take credentials: {@code x-goog-api-key}, a bearer token, and the query,
 * which ends up in the logs of everybody on the way, so nothing leaves Weir in it.
 *
 * <p>Two headers of Google's are taken out with them, since they would make another request of it
 * than the one that was priced: one that replaces the method, and one that leaves out fields of the
 * answer, the usage among them.
 */
final class GoogleCredentials {
    private static final CharSequence API_KEY = HttpHeaders.createOptimized("x-goog-api-key");
    private static final CharSequence METHOD =
            HttpHeaders.createOptimized("x-http-method-override");
    private static final CharSequence FIELDS = HttpHeaders.createOptimized("x-goog-fieldmask");

    /** Parameters of the query that hold credentials (Google's standard query parameters). */
    private static final Set<String> IN_QUERY = Set.of("key", "access_token", "oauth_token");

    /** What the tokens of OAuth begin with, that Google gives for service accounts and users. */
    private static final String OAUTH = "ya29.";

    private static final List<String> API_KEYS = List.of("AIza", "AQ.");

    /** How an API takes a secret. */
    enum Form {
        /** As a key, unless it is a token of OAuth. */
        KEY,
        /** As a bearer token, unless it is one of Google's keys. */
        TOKEN,
        /** As a bearer token, whatever it is. */
        BEARER
    }

    private GoogleCredentials() {}

    static @Nullable String presented(MultiMap headers, @Nullable String query) {
        List<String> presented = new ArrayList<>(headers.getAll(API_KEY));
        presented.addAll(inQuery(query));
        presented.replaceAll(String::strip);
        presented.removeIf(String::isEmpty);
        presented.addAll(Credentials.bearers(headers));
        return Credentials.preferred(presented);
    }

    private static List<String> inQuery(@Nullable String query) {
        List<String> values = new ArrayList<>();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            if (isCredential(parameter)) {
                int equals = parameter.indexOf('=');
                values.add(equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
            }
        }
        return values;
    }

    private static boolean isCredential(String parameter) {
        return IN_QUERY.contains(name(parameter));
    }

    /** The name of a parameter {@code name=value}. */
    static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return decoded(equals < 0 ? parameter : parameter.substring(0, equals));
    }

    /** What cannot be decoded names nothing. */
    private static String decoded(String text) {
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Puts one credential in the place of all. */
    static void put(Outgoing request, @Nullable Proof proof, Form form) {
        MultiMap headers = request.headers();
        headers.remove(API_KEY);
        headers.remove(HttpHeaders.AUTHORIZATION);
        headers.remove(METHOD);
        headers.remove(FIELDS);
        request.setTarget(withoutCredentials(request.target()));
        if (proof == null) {
            return;
        }
        String secret = Credentials.token(proof);
        boolean bearer =
                switch (form) {
                    case KEY -> secret.startsWith(OAUTH);
                    case TOKEN -> API_KEYS.stream().noneMatch(secret::startsWith);
                    case BEARER -> true;
                };
        if (bearer) {
            Credentials.setBearer(headers, secret);
        } else {
            headers.set(API_KEY, secret);
        }
    }

    private static String withoutCredentials(String target) {
        int query = target.indexOf('?');
        if (query < 0) {
            return target;
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : target.substring(query + 1).split("&", -1)) {
            if (!isCredential(parameter)) {
                kept.add(parameter);
            }
        }
        String path = target.substring(0, query);
        return kept.isEmpty() ? path : path + "?" + String.join("&", kept);
    }
}
