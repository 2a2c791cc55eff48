package weir.provider;

import static weir.provider.Endpoint.Cost.UNPRICED;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Azure OpenAI: OpenAI's operations below {@code /openai/v1}, or, with an {@code api-version} in
 * the query, below {@code /openai/deployments/<deployment>} and {@code /openai}. Paths:
 * openai-python 3.54.0, {@code lib/azure.py}. Foundry's Claude stands beside, below {@code
 * /anthropic}.
 *
 * <p>A model goes by the name of its deployment, which says nothing of what it is: {@code models}
 * in weir.yaml may name the model, whose price then counts. The answer names the model that it is.
 *
 * <p>The key goes into {@code api-key}, a token of Entra ID into {@code authorization}. The first
 * chunk of a stream has no choices, only what filters found, so a chunk without choices is not the
 * one with usage.
 */
final class Azure {
    private static final Pattern DEPLOYMENT =
            Pattern.compile("/?openai/deployments/([^/?%]+)/.*", Pattern.DOTALL);

    /** The first that is known to take {@code stream_options}. */
    private static final String ASKABLE = "2024-08-01";

    private static final Pattern VERSION =
            Pattern.compile(".*[?&]api-version=(\\d{4}-\\d{2}-\\d{2}).*", Pattern.DOTALL);

    /** OpenAI's, but for pictures: no price list says how many tokens one can take here. */
    private static final Map<String, Endpoint> POST =
            OpenAi.POST.entrySet().stream()
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    Map.Entry::getKey,
                                    e ->
                                            e.getKey().startsWith("images/")
                                                    ? new Endpoint(e.getValue().name(), UNPRICED)
                                                    : e.getValue()));

    static final Flavour FLAVOUR =
            new Flavour.Builder("azure", "")
                    .operation(Azure::operation)
                    .post(POST)
                    .readable("models", "files", "batches", "responses", "vector_stores")
                    .cancels("(responses|batches)/[\\w-]+/cancel")
                    .realtime("model", "deployment")
                    .nicknames(Azure::deployment)
                    .asking(Azure::takesStreamOptions)
                    .keyHeader("api-key")
                    .clouds(Cloud.ENTRA)
                    .dialect(
                            new OpenAiDialect(
                                    OpenAiDialect.Shape.NESTED,
                                    new OpenAiDialect.Names(
                                            "x-ratelimit-%s-requests",
                                            "x-ratelimit-%s-tokens", false)))
                    .quirks(OpenAi.QUIRKS)
                    .build();

    private Azure() {}

    private static String operation(String path) {
        Matcher classic = DEPLOYMENT.matcher(path);
        return classic.matches()
                ? path.substring(classic.end(1) + 1)
                : Paths.operation(path, "openai/");
    }

    private static @Nullable String deployment(String target) {
        Matcher classic = DEPLOYMENT.matcher(target);
        return classic.matches() ? classic.group(1) : null;
    }

    /** Old versions refuse a request that asks for usage; the new API has no versions. */
    private static boolean takesStreamOptions(String target) {
        Matcher version = VERSION.matcher(target);
        return !version.matches() || version.group(1).compareTo(ASKABLE) >= 0;
    }
}
