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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Anthropic's API.
 *
 * <p>Requests and usage are in {@link AnthropicRequest} and {@link AnthropicUsage}, those of
 * batches in {@link AnthropicBatch}, errors in {@link AnthropicDialect}. Operations:
 * anthropic-python 2.12.0, {@code resources/}.
 */
final class Anthropic implements Provider {
    /**
     * What costs what, under {@code /v1}. What is not here and is no plain reading or deleting is
     * {@code other} and UNPRICED: it may cost money (managed agents, their sessions and
     * deployments).
     */
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("messages", new Endpoint("messages", METERED)),
                    entry("messages/count_tokens", new Endpoint("messages.count_tokens", FREE)),
                    entry("oauth/token", new Endpoint("oauth.token", ACCOUNT)),
                    entry("messages/batches", AnthropicBatch.CREATE),
                    entry("files", new Endpoint("files", UNPRICED)),
                    entry("skills", new Endpoint("skills", UNPRICED)));

    /** Resources that cost nothing to read or to delete. */
    private static final Set<String> READABLE = Set.of("models", "messages", "files", "skills");

    private static final Pattern BATCH =
            Pattern.compile("messages/batches(?:/[\\w-]+(/cancel|/results)?)?");
    private static final Endpoint BATCHES = new Endpoint("messages.batches.read", ACCOUNT);
    private static final Endpoint CANCEL = new Endpoint("messages.batches.cancel", ACCOUNT);

    /**
     * Where SDKs put the key up to anthropic-ts 0.137 and anthropic-java 2; later ones send a
     * bearer token.
     */
    private static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");

    private static final String ORIGIN = "https://api.anthropic.com";
    private static final Links LINKS = new Links(ORIGIN, "results_url", "data[].results_url");

    private final Dialect dialect = new AnthropicDialect();

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public String defaultBaseUrl() {
        return ORIGIN;
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        String operation = Paths.operation(path);
        if (method.equals(HttpMethod.POST)) {
            Endpoint known = POST.get(operation);
            if (known != null) {
                return known;
            }
            return "/cancel".equals(ofBatch(operation)) ? CANCEL : Paths.OTHER;
        }
        boolean reads = method.equals(HttpMethod.GET) && "".equals(ofBatch(operation));
        return reads ? BATCHES : Paths.readOrDelete(method, operation, READABLE, Paths.OTHER);
    }

    /** What of a batch, or of all of them, an operation is about; null for other operations. */
    private static @Nullable String ofBatch(String operation) {
        Matcher batch = BATCH.matcher(operation);
        return batch.matches() ? Objects.requireNonNullElse(batch.group(1), "") : null;
    }

    /** What vendors serve who serve Anthropic's messages beside an API of their own. */
    static Endpoint messagesElsewhere(Endpoint endpoint) {
        return endpoint.equals(AnthropicBatch.CREATE)
                ? new Endpoint(endpoint.name(), UNPRICED)
                : endpoint;
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        List<String> presented = new ArrayList<>(headers.getAll(API_KEY));
        presented.replaceAll(String::strip);
        presented.removeIf(String::isEmpty);
        presented.addAll(Credentials.bearers(headers));
        return Credentials.preferred(presented);
    }

    /**
     * Sets exactly one form: the one that the caller's SDK speaks, since proxies in between may
     * know only that.
     */
    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        MultiMap headers = request.headers();
        boolean bearer = !headers.contains(API_KEY) && headers.contains(HttpHeaders.AUTHORIZATION);
        headers.remove(API_KEY);
        headers.remove(HttpHeaders.AUTHORIZATION);
        if (proof == null) {
            return;
        }
        String secret = Credentials.token(proof);
        if (bearer) {
            Credentials.setBearer(headers, secret);
        } else {
            headers.set(API_KEY, secret);
        }
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        return endpoint.name().startsWith("messages.batches")
                ? AnthropicBatch.peek(Bytes.of(body))
                : AnthropicRequest.peek(Bytes.of(body));
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        return endpoint.name().startsWith("messages.batches")
                ? AnthropicBatch.reader(endpoint, peek)
                : reader(peek, answer);
    }

    /** Its SDKs read results from where a batch says that they are. */
    @Override
    public @Nullable Links links(Endpoint endpoint) {
        return endpoint.name().startsWith("messages.batches") ? LINKS : null;
    }

    /** Reads one of Anthropic's answers, whoever serves it. */
    static UsageReader reader(Peek peek, Answer answer) {
        AnthropicUsage findings = new AnthropicUsage(peek, answer.shape() != AnswerShape.BODY);
        return switch (answer.shape()) {
            case BODY -> new BodyReader<>(AnthropicUsage.FIELDS, findings);
            case EVENTS -> new EventReader<>(AnthropicUsage.FIELDS, findings, false, null);
            case COUNTED_EVENTS ->
                    new EventReader<>(
                            AnthropicUsage.FIELDS, findings, false, new AnthropicTranscript());
        };
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
