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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * OpenAI's API, and servers that imitate it.
 *
 * <p>Requests and usage are in {@link OpenAiRequest} and {@link OpenAiUsage}, errors in {@link
 * OpenAiDialect}. Operations: openai-python 3.54.0, {@code resources/}.
 */
final class OpenAi implements Provider {
    private static final Endpoint CHAT = new Endpoint("chat.completions", METERED);
    private static final Endpoint COMPLETIONS = new Endpoint("completions", METERED);
    private static final Endpoint RESPONSES = new Endpoint("responses", METERED);
    private static final Endpoint COMPACT = new Endpoint("responses.compact", METERED);
    private static final Endpoint EMBEDDINGS = new Endpoint("embeddings", METERED);

    /**
     * What costs what, under {@code /v1}. What is not here and is no plain reading or deleting is
     * {@code other} and UNPRICED: it may cost money (fine-tuning, containers, realtime, live
     * sessions, runs of assistants).
     */
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", CHAT),
                    entry("completions", COMPLETIONS),
                    entry("responses", RESPONSES),
                    entry("responses/compact", COMPACT),
                    entry("embeddings", EMBEDDINGS),
                    entry("moderations", new Endpoint("moderations", FREE)),
                    entry("responses/input_tokens", new Endpoint("responses.input_tokens", FREE)),
                    entry("images/generations", new Endpoint("images.generations", UNPRICED)),
                    entry("images/edits", new Endpoint("images.edits", UNPRICED)),
                    entry("images/variations", new Endpoint("images.variations", UNPRICED)),
                    entry("audio/speech", new Endpoint("audio.speech", UNPRICED)),
                    entry("audio/transcriptions", new Endpoint("audio.transcriptions", UNPRICED)),
                    entry("audio/translations", new Endpoint("audio.translations", UNPRICED)),
                    entry("decisions", new Endpoint("decisions", UNPRICED)),
                    entry("videos", new Endpoint("videos", UNPRICED)),
                    entry("batches", new Endpoint("batches", UNPRICED)),
                    entry("files", new Endpoint("files", UNPRICED)));

    /**
     * Resources that cost nothing to read or to delete. Not realtime and live, whose sockets open
     * with a GET.
     */
    private static final Set<String> READABLE =
            Set.of(
                    "models",
                    "files",
                    "batches",
                    "responses",
                    "conversations",
                    "chat",
                    "vector_stores",
                    "uploads",
                    "fine_tuning",
                    "evals",
                    "videos",
                    "containers");

    private static final Endpoint CANCEL = new Endpoint("cancel", ACCOUNT);
    private static final Endpoint OTHER = new Endpoint("other", UNPRICED);

    private final Dialect dialect = new OpenAiDialect();

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public String defaultBaseUrl() {
        return "https://api.openai.com";
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        String operation = Paths.operation(path);
        if (method.equals(HttpMethod.POST)) {
            boolean cancels = operation.matches("(responses|batches)/[\\w-]+/cancel");
            return cancels ? CANCEL : POST.getOrDefault(operation, OTHER);
        }
        return Paths.readOrDelete(method, operation, READABLE, OTHER);
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
        return OpenAiRequest.peek(endpoint, body.getBytes());
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        boolean responses = endpoint.equals(RESPONSES) || endpoint.equals(COMPACT);
        if (answer.shape() != AnswerShape.BODY) {
            OpenAiUsage.Shape shape =
                    responses ? OpenAiUsage.Shape.RESPONSE_EVENTS : OpenAiUsage.Shape.CHAT_EVENTS;
            return new EventReader<>(
                    OpenAiUsage.fields(shape),
                    new OpenAiUsage(shape, peek),
                    peek.usageEdit() != null,
                    answer.shape() == AnswerShape.COUNTED_EVENTS
                            ? transcript(responses, peek)
                            : null);
        }
        OpenAiUsage.Shape shape =
                responses
                        ? OpenAiUsage.Shape.RESPONSE
                        : endpoint.equals(EMBEDDINGS)
                                ? OpenAiUsage.Shape.EMBEDDINGS
                                : OpenAiUsage.Shape.CHAT;
        return new BodyReader<>(OpenAiUsage.fields(shape), new OpenAiUsage(shape, peek));
    }

    private static Transcript.Draft transcript(boolean responses, Peek peek) {
        return responses ? new ResponsesTranscript() : new ChatTranscript(peek);
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /**
     * A service tier in the price book's words, which know {@code fast} as what OpenAI reports it
     * as.
     */
    static String term(String tier) {
        String word = tier.toLowerCase(Locale.ROOT);
        return word.equals("fast") ? "priority" : word;
    }
}
