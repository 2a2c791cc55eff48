package weir.provider;

import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Paths of REST APIs whose operations stand below {@code /v1}. */
final class Paths {
    private static final String VERSION = "v1/";

    private static final Endpoint MODELS = new Endpoint("models", Endpoint.Cost.FREE);
    private static final Endpoint READ = new Endpoint("read", Endpoint.Cost.ACCOUNT);
    private static final Endpoint DELETE = new Endpoint("delete", Endpoint.Cost.ACCOUNT);

    private static final Endpoint CANCEL = new Endpoint("cancel", Endpoint.Cost.ACCOUNT);
    static final Endpoint OTHER = new Endpoint("other", Endpoint.Cost.UNPRICED);

    private Paths() {}

    /**
     * The path without {@code /v1} and without slashes at its ends. Nothing else is tidied up: a
     * path with dots, double slashes or percent escapes matches no operation, and what matches none
     * is not free.
     */
    static String operation(String path) {
        int from = path.startsWith("/") ? 1 : 0;
        int to = path.length();
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        String operation = path.substring(from, to);
        return operation.startsWith(VERSION) ? operation.substring(VERSION.length()) : operation;
    }

    /** The same below the first of these prefixes that a path has, each with a slash at its end. */
    static String operation(String path, String... prefixes) {
        String whole = path.startsWith("/") ? path.substring(1) : path;
        for (String prefix : prefixes) {
            if (whole.startsWith(prefix)) {
                return operation(whole.substring(prefix.length()));
            }
        }
        return operation(path);
    }

    /**
     * What a POST costs. Only one that is none of the known ones may cancel work.
     *
     * @param cancels what operations that cancel work look like
     */
    static Endpoint post(String operation, Map<String, Endpoint> known, Pattern cancels) {
        Endpoint endpoint = known.get(operation);
        if (endpoint != null) {
            return endpoint;
        }
        return cancels.matcher(operation).matches() ? CANCEL : OTHER;
    }

    /**
     * What reading or deleting costs: nothing, but of all that can be read only the list of models
     * is the same for everybody.
     *
     * @param readable first segments of paths below which both cost nothing
     * @param other what everything else is
     */
    static Endpoint readOrDelete(
            HttpMethod method, String operation, Set<String> readable, Endpoint other) {
        int slash = operation.indexOf('/');
        String first = slash < 0 ? operation : operation.substring(0, slash);
        if (operation.contains("..") || operation.indexOf('%') >= 0 || !readable.contains(first)) {
            return other;
        }
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return first.equals("models") ? MODELS : READ;
        }
        return method.equals(HttpMethod.DELETE) ? DELETE : other;
    }
}
