package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Google's Vertex AI: Gemini by the words of {@link Gemini}, and Claude by Anthropic's own bodies
 * under {@code publishers/anthropic}, whose model stands in the path and not in the body. Methods:
 * google-genai 3.4.0, {@code models.py}; anthropic-python 2.12.0, {@code lib/vertex}.
 *
 * <p>Other publishers' models are UNPRICED, except behind {@code endpoints/openapi}, which imitates
 * OpenAI's API.
 */
final class Vertex implements Provider {
    private static final Map<String, Endpoint> CLAUDE =
            Map.ofEntries(
                    entry("rawPredict", new Endpoint("rawPredict", METERED)),
                    entry("streamRawPredict", new Endpoint("streamRawPredict", METERED)));

    private static final Endpoint COUNT = new Endpoint("countTokens", FREE);
    private static final Endpoint COMPUTE = new Endpoint("computeTokens", FREE);

    /** A name that stands for Anthropic's counting, in the place of a model. */
    private static final String COUNTING = "count-tokens";

    /**
     * Asks for a dearer or a cheaper service (Vertex AI documentation, Priority and Flex PayGo).
     */
    private static final String TIER = "x-vertex-ai-llm-shared-request-type";

    private final Dialect dialect = new GeminiDialect();

    @Override
    public String name() {
        return "vertex";
    }

    @Override
    public String defaultBaseUrl() {
        return "https://aiplatform.googleapis.com";
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        String imitated = GooglePath.openAi(path);
        if (imitated != null) {
            return Imitation.OPENAI.endpoint(method, imitated);
        } else if (!method.equals(HttpMethod.POST)) {
            Endpoint live = GeminiLive.endpoint(path);
            return live == null ? GooglePath.readOrDelete(method, path) : live;
        }
        GooglePath call = GooglePath.of(path);
        if (call == null) {
            return GooglePath.OTHER;
        } else if (call.publisher().equals("anthropic")) {
            return call.model().equals(COUNTING)
                    ? COUNT
                    : CLAUDE.getOrDefault(call.method(), GooglePath.OTHER);
        }
        boolean google = call.publisher().equals("google") || call.kind().equals("endpoints");
        if (google && call.method().equals("computeTokens")) {
            return COMPUTE;
        }
        return google ? Gemini.endpoint(call) : GooglePath.OTHER;
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        return GoogleCredentials.presented(headers, query);
    }

    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        GoogleCredentials.put(request, proof, GoogleCredentials.Form.TOKEN);
    }

    @Override
    public Set<Cloud> clouds() {
        return Set.of(Cloud.GOOGLE);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        return peek(endpoint, target, MultiMap.caseInsensitiveMultiMap(), body);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, MultiMap headers, Buffer body) {
        if (GeminiLive.is(endpoint)) {
            return GeminiLive.peek(body);
        }
        GooglePath call = GooglePath.ofTarget(target);
        PeekResult seen =
                call == null
                        ? GeminiRequest.ownName(Imitation.OPENAI.peek(endpoint, target, body))
                        : CLAUDE.containsKey(endpoint.name())
                                ? claude(call, target, body)
                                : GeminiRequest.peek(call, target, Bytes.of(body));
        return seen instanceof Peek peek ? withTiers(peek, headers.getAll(TIER)) : seen;
    }

    private static PeekResult claude(GooglePath call, String target, Buffer body) {
        PeekResult.Malformed problem = GeminiRequest.queryProblem(target);
        return problem != null
                ? problem
                : Request.peek(
                        AnthropicRequest.MESSAGES,
                        Bytes.of(body),
                        "max_tokens",
                        r -> {
                            r.model = call.model();
                            r.extraInputTokens += AnthropicRequest.template(r);
                        });
    }

    private static Peek withTiers(Peek peek, List<String> tiers) {
        if (tiers.isEmpty()) {
            return peek;
        }
        List<String> terms = new ArrayList<>(peek.terms());
        tiers.forEach(tier -> terms.add(GeminiRequest.term(tier)));
        terms.removeIf(String::isEmpty);
        return peek.as(peek.model(), terms);
    }

    @Override
    public boolean streams(Peek peek, String contentType) {
        return GeminiUsage.streams(peek, contentType);
    }

    /** See {@link Gemini#billsUnread}. */
    @Override
    public boolean billsUnread() {
        return true;
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        if (CLAUDE.containsKey(endpoint.name())) {
            return Anthropic.reader(peek, answer);
        }
        return Gemini.METHODS.containsKey(endpoint.name())
                ? GeminiUsage.reader(endpoint, peek, answer)
                : GeminiUsage.imitated(endpoint, peek, answer);
    }

    @Override
    public Opening opening(Endpoint endpoint) {
        return GeminiLive.is(endpoint) ? Opening.BY_MESSAGE : Opening.NONE;
    }

    @Override
    public SessionReader sessionReader(Endpoint endpoint, Peek peek) {
        return new GeminiLive(peek);
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Dialect dialect(String path) {
        return GooglePath.openAi(path) == null ? dialect() : Imitation.OPENAI.dialect();
    }
}
