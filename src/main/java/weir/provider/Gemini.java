package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.ACCOUNT;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Google's Gemini API for developers, with its part that imitates OpenAI's.
 *
 * <p>Requests and usage are in {@link GeminiRequest} and {@link GeminiUsage}, errors in {@link
 * GeminiDialect}, sessions in {@link GeminiLive}. Methods: google-genai 3.4.0, {@code models.py},
 * {@code caches.py}, {@code batches.py}, {@code files.py}. Files go to a URL that the API gives for
 * each ({@code x-goog-upload-url}) and so past Weir; keeping them costs nothing.
 */
final class Gemini implements Provider {
    /** Methods of a model. Of {@code predict} only models that {@link GeminiPredictions} knows. */
    static final Map<String, Endpoint> METHODS =
            Map.ofEntries(
                    entry("generateContent", new Endpoint("generateContent", METERED)),
                    entry("streamGenerateContent", new Endpoint("streamGenerateContent", METERED)),
                    entry("embedContent", new Endpoint("embedContent", METERED)),
                    entry("batchEmbedContents", new Endpoint("batchEmbedContents", METERED)),
                    entry("predict", new Endpoint("predict", METERED)),
                    entry("countTokens", new Endpoint("countTokens", FREE)),
                    entry("predictLongRunning", new Endpoint("predictLongRunning", UNPRICED)),
                    entry("batchGenerateContent", new Endpoint("batches", UNPRICED)),
                    entry("asyncBatchEmbedContent", new Endpoint("batches", UNPRICED)));

    /**
     * Collections that something is put into. Cached content is billed by the hour until it
     * expires; interactions, agents and voices are APIs of their own, and not read yet.
     */
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("cachedContents", new Endpoint("cachedContents", UNPRICED)),
                    entry("interactions", new Endpoint("interactions", UNPRICED)),
                    entry("files", new Endpoint("files", ACCOUNT)));

    private static final Endpoint CANCEL = new Endpoint("cancel", ACCOUNT);

    private final Dialect dialect = new GeminiDialect();

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public String defaultBaseUrl() {
        return "https://generativelanguage.googleapis.com";
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
        if (call != null) {
            boolean own = call.publisher().isEmpty() && !call.kind().equals("endpoints");
            return own ? endpoint(call) : GooglePath.OTHER;
        }
        if (path.matches("/v1[a-z0-9]*/(batches|tunedModels)/[\\w/-]+:cancel")) {
            return CANCEL;
        }
        String uploaded = path.startsWith("/upload/") ? path.substring("/upload".length()) : path;
        return POST.getOrDefault(GooglePath.resource(uploaded), GooglePath.OTHER);
    }

    /** A method of one of Google's own models. */
    static Endpoint endpoint(GooglePath call) {
        boolean blind = call.method().equals("predict") && !GeminiPredictions.knows(call.model());
        return blind ? GooglePath.OTHER : METHODS.getOrDefault(call.method(), GooglePath.OTHER);
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        return GoogleCredentials.presented(headers, query);
    }

    /** What imitates OpenAI's API takes a key as OpenAI's clients send it. */
    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        boolean imitates = request.target().contains("/openai/");
        GoogleCredentials.put(
                request,
                proof,
                imitates ? GoogleCredentials.Form.BEARER : GoogleCredentials.Form.KEY);
    }

    @Override
    public Set<Cloud> clouds() {
        return Set.of(Cloud.GOOGLE);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        if (GeminiLive.is(endpoint)) {
            return GeminiLive.peek(body);
        }
        GooglePath call = GooglePath.ofTarget(target);
        return call == null
                ? GeminiRequest.ownName(Imitation.OPENAI.peek(endpoint, target, body))
                : GeminiRequest.peek(call, target, Bytes.of(body));
    }

    @Override
    public boolean streams(Peek peek, String contentType) {
        return GeminiUsage.streams(peek, contentType);
    }

    /** So says the SDK of what stops reading (google-genai 2.32.0, {@code abortSignal}). */
    @Override
    public boolean billsUnread() {
        return true;
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        return METHODS.containsKey(endpoint.name())
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
