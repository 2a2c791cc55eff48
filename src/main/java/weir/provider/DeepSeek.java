package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;

import java.util.Map;
import weir.usage.Kind;

/**
 * DeepSeek's API, below nothing, {@code /v1} or {@code /beta}, and Anthropic's below {@code
 * /anthropic}. From its documentation, api-docs.deepseek.com, read in November 2026.
 *
 * <p>Cached tokens are told twice, in its own words and in OpenAI's. While a request waits for its
 * turn, the vendor sends empty lines or comments to keep the connection; they pass as they come.
 * Anthropic's names stand for models of its own: the price book knows which.
 */
final class DeepSeek {
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("completions", new Endpoint("completions", METERED)),
                    entry("responses", new Endpoint("responses", METERED)),
                    entry("tools/search", new Endpoint("tools.search", METERED)));

    static final Flavour FLAVOUR =
            new Flavour.Builder("deepseek", "https://api.deepseek.com")
                    .operation(path -> Paths.operation(path, "beta/"))
                    .post(POST)
                    .readable("models", "user")
                    .reading(
                            "tools.search",
                            new Reading(
                                    new Fields.Builder<Request>().build(), null, DeepSeek::search))
                    .asking(target -> true)
                    .dialect(
                            new OpenAiDialect(
                                    OpenAiDialect.Shape.NESTED,
                                    new OpenAiDialect.Names("", "", false)))
                    .quirks(
                            new Quirks((fields, at) ->
                                    fields.count(
                                            at + "usage.prompt_cache_hit_tokens",
                                            (u, n) -> u.seen.cached = Math.max(u.seen.cached, n))))
                    .build();

    private DeepSeek() {}

    /** A query has a price of its own, whatever it asks. */
    private static void search(Request request) {
        request.model = "tools.search";
        request.media.set(Kind.REQUESTS, 1);
    }
}
