package weir.proxy;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Paths that a provider might read in another way than Weir does. */
final class Paths {
    private Paths() {}

    /** Of a request; empty where its target is no path, as in {@code OPTIONS *}. */
    static String of(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    /** The path of a request's target. */
    static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * Whether a path has empty or dot segments, a backslash, or escapes that say nothing but hide
     * something. A server that resolves them would serve another endpoint than the one that Weir
     * priced.
     *
     * @param slashesInNames whether an escaped slash is known to be part of a name
     */
    static boolean isAmbiguous(String path, boolean slashesInNames) {
        String closed = path + "/";
        return closed.contains("/./")
                || closed.contains("/../")
                || path.contains("//")
                || path.indexOf('\\') >= 0
                || hidesSomething(path, slashesInNames ? "-._~\\" : "-._~/\\");
    }

    /**
     * Escapes of letters, digits and marks that need none (RFC 3986, 2.3), slashes and controls.
     *
     * @param marks that no escape may stand for
     */
    private static boolean hidesSomething(String path, String marks) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (at + 3 > path.length()) {
                return true;
            }
            int c =
                    16 * Character.digit(path.charAt(at + 1), 16)
                            + Character.digit(path.charAt(at + 2), 16);
            if (c < 0x20
                    || c == 0x7f
                    || (c < 0x80 && Character.isLetterOrDigit(c))
                    || marks.indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** What follows the provider's name, query included, as the caller wrote it. */
    static String below(String provider, String path, @Nullable String query) {
        String rest = path.substring(1 + provider.length());
        String target = rest.isEmpty() ? "/" : rest;
        return query == null ? target : target + "?" + query;
    }
}
