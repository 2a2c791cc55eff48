package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.ACCOUNT;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Cohere's API, both versions of it, with its part that imitates OpenAI's.
 *
 * <p>Requests and usage are in {@link CohereRequest} and {@link CohereUsage}, errors in {@link
 * CohereDialect}. Operations: cohere-python 7.3.1, {@code raw_base_client.py} and {@code
 * v2/raw_client.py}.
 */
final class Cohere implements Provider {
    /**
     * What costs what. What is not here and is no plain reading or deleting is {@code other} and
     * UNPRICED: it may cost money (fine-tuning, summaries, classifications).
     */
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("v2/chat", new Endpoint("chat", METERED)),
                    entry("v2/embed", new Endpoint("embed", METERED)),
                    entry("v2/rerank", new Endpoint("rerank", METERED)),
                    entry("v1/chat", new Endpoint("chat.v1", METERED)),
                    entry("v1/embed", new Endpoint("embed", METERED)),
                    entry("v1/rerank", new Endpoint("rerank", METERED)),
                    entry("v1/tokenize", new Endpoint("tokenize", FREE)),
                    entry("v1/detokenize", new Endpoint("detokenize", FREE)),
                    entry("v1/check-api-key", new Endpoint("check-api-key", ACCOUNT)),
                    entry("v2/parse", new Endpoint("parse", UNPRICED)),
                    entry("v2/batches", new Endpoint("batches", UNPRICED)),
                    entry("v2/audio/transcriptions", new Endpoint("transcriptions", UNPRICED)),
                    entry("v1/embed-jobs", new Endpoint("embed-jobs", UNPRICED)),
                    entry("v1/datasets", new Endpoint("datasets", UNPRICED)));

    /** Resources that cost nothing to read or to delete, under either version. */
    private static final Set<String> READABLE =
            Set.of("models", "batches", "embed-jobs", "datasets", "connectors", "finetuning");

    private static final Set<String> OWN = Set.of("chat", "embed", "rerank", "chat.v1");
    private static final String IMITATION = "/compatibility/v1/";
    private static final Pattern CANCELS =
            Pattern.compile("(v1/embed-jobs|v2/batches)/[\\w-]+[/:]cancel");

    private final Dialect dialect = new CohereDialect();

    @Override
    public String name() {
        return "cohere";
    }

    @Override
    public String defaultBaseUrl() {
        return "https://api.cohere.com";
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        if (path.startsWith(IMITATION)) {
            return Imitation.OPENAI.endpoint(method, path.substring(IMITATION.length() - 1));
        } else if (!method.equals(HttpMethod.POST)) {
            String unversioned = path.startsWith("/v2/") ? path.substring("/v2".length()) : path;
            return Paths.readOrDelete(method, Paths.operation(unversioned), READABLE, Paths.OTHER);
        }
        String operation = path.startsWith("/") ? path.substring(1) : path;
        return Paths.post(operation, POST, CANCELS);
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        return Credentials.preferred(Credentials.bearers(headers));
    }

    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        request.headers().remove(HttpHeaders.AUTHORIZATION);
        if (proof != null) {
            Credentials.setBearer(request.headers(), Credentials.token(proof));
        }
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        return OWN.contains(endpoint.name())
                ? CohereRequest.peek(endpoint, Bytes.of(body))
                : Imitation.OPENAI.peek(endpoint, target, body);
    }

    /** The first version's stream is one of lines, under names that all speak of JSON. */
    @Override
    public boolean streams(Peek peek, String contentType) {
        return Provider.isEventStream(contentType) || (peek.stream() && isLines(contentType));
    }

    private static boolean isLines(String contentType) {
        return contentType.contains("json");
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        if (!OWN.contains(endpoint.name())) {
            return Imitation.OPENAI.usageReader(endpoint, peek, answer);
        }
        CohereUsage findings = new CohereUsage(peek);
        if (answer.shape() == AnswerShape.BODY) {
            return new BodyReader<>(CohereUsage.FIELDS, findings);
        }
        return Provider.isEventStream(answer.contentType())
                ? new EventReader<>(CohereUsage.FIELDS, findings, false, null)
                : new LineReader<>(CohereUsage.FIELDS, findings);
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
