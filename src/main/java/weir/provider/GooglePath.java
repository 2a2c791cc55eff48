package weir.provider;

import io.vertx.core.http.HttpMethod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method of a model, as both of Google's APIs write it: {@code
 * /v1beta/models/gemini-3.8-flash:generateContent}, {@code
 * /v1/projects/p/locations/global/publishers/google/models/gemini-3.8-flash:generateContent}.
 *
 * @param publisher whose model it is; empty where the path has none
 * @param kind the collection that the model stands in: models, tunedModels or endpoints
 */
record GooglePath(String publisher, String kind, String model, String method) {
    private static final String VERSION = "/v1[a-z0-9]{0,9}/";
    private static final String PROJECT = "projects/[\\w.:-]+/locations/[\\w-]+/";

    private static final Pattern CALL =
            Pattern.compile(
                    VERSION
                            + "(?:"
                            + PROJECT
                            + ")?(?:publishers/([\\w-]+)/)?(models|tunedModels|endpoints)/"
                            + "([\\w.@-]+):(\\w+)");

    private static final Pattern OPENAI =
            Pattern.compile(VERSION + "(?:" + PROJECT + "endpoints/)?open(?:ai|api)(/[\\w./-]+)");

    private static final Pattern RESOURCE =
            Pattern.compile(
                    VERSION
                            + "("
                            + PROJECT
                            + ")?(?:publishers/[\\w-]+/)?(\\w+)(?:/[\\w./@-]+(?::download)?)?");

    private static final Endpoint MODELS = new Endpoint("models", Endpoint.Cost.FREE);
    private static final Endpoint READ = new Endpoint("read", Endpoint.Cost.ACCOUNT);
    private static final Endpoint DELETE = new Endpoint("delete", Endpoint.Cost.ACCOUNT);
    static final Endpoint OTHER = new Endpoint("other", Endpoint.Cost.UNPRICED);

    /**
     * @param path with its leading slash, without a query; escapes match nothing
     * @return null where this is no call of a model's method
     */
    static @Nullable GooglePath of(String path) {
        Matcher call = CALL.matcher(path);
        if (!call.matches()) {
            return null;
        }
        String publisher = call.group(1);
        return new GooglePath(
                publisher == null ? "" : publisher, call.group(2), call.group(3), call.group(4));
    }

    /** The same of a path that may have a query. */
    static @Nullable GooglePath ofTarget(String target) {
        int query = target.indexOf('?');
        return of(query < 0 ? target : target.substring(0, query));
    }

    /** What follows the name of the API that imitates OpenAI's; null for another path. */
    static @Nullable String openAi(String path) {
        Matcher imitation = OPENAI.matcher(path);
        return imitation.matches() ? imitation.group(1) : null;
    }

    /**
     * The collection that a path stands in ({@code cachedContents}); empty where nobody knows, or
     * where it calls a method.
     */
    static String resource(String path) {
        Matcher resource = RESOURCE.matcher(path);
        return resource.matches() ? resource.group(2) : "";
    }

    /**
     * What reading or deleting costs: nothing. A path that calls a method by its colon is neither,
     * and a socket opens with a GET that stands under no version.
     */
    static Endpoint readOrDelete(HttpMethod method, String path) {
        String resource = resource(path);
        if (resource.isEmpty() || path.contains("..")) {
            return OTHER;
        } else if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return resource.equals("models") ? MODELS : READ;
        }
        return method.equals(HttpMethod.DELETE) ? DELETE : OTHER;
    }
}
