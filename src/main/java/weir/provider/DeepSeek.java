package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import java.util.Map;

/**
 * DeepSeek's API, below nothing, {@code /v1} or {@code /beta}, and Anthropic's below {@code
 * /anthropic}. From its documentation, api-docs.deepseek.com, read in November 2026.
 *
 * <p>Cached tokens are told twice, in its own words and in OpenAI's. While a request waits for its
 * turn, the vendor sends empty lines or comments to keep the connection; they pass as they come.
 */
final class DeepSeek {
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("completions", new Endpoint("completions", METERED)),
                    entry("responses", new Endpoint("responses", METERED)),
                    entry("tools/search", new Endpoint("tools.search", UNPRICED)));

    static final Flavour FLAVOUR =
            new Flavour.Builder("deepseek", "https://api.deepseek.com")
                    .operation(path -> Paths.operation(path, "beta/"))
                    .post(POST)
                    .readable("models", "user")
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

    /** Which of its models answers to a name of Anthropic's. */
    static String served(String model) {
        if (model.startsWith("claude-opus")) {
            return "deepseek-v4-pro";
        }
        return model.startsWith("claude") ? "deepseek-flash" : model;
    }
}
