package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.provider.OpenAiUsage.Shape;

/**
 * OpenAI's API, and that of the vendors and servers that speak its dialect, each in its {@link
 * Flavour}.
 *
 * <p>Requests and usage are in {@link OpenAiRequest} and {@link OpenAiUsage}, errors in {@link
 * OpenAiDialect}. Operations: openai-python 3.54.0, {@code resources/}.
 */
final class OpenAi implements Provider {
    /** Its chat does not count searches: its search models make one for each request. */
    static final Quirks QUIRKS = new Quirks((fields, at) -> fields, OpenAi::finish, "");

    private static final Endpoint CHAT = new Endpoint("chat.completions", METERED);
    private static final Endpoint COMPLETIONS = new Endpoint("completions", METERED);
    private static final Endpoint RESPONSES = new Endpoint("responses", METERED);
    private static final Endpoint COMPACT = new Endpoint("responses.compact", METERED);

    /** To send a file costs nothing; what is done with it may. */
    static final Endpoint FILES = new Endpoint("files", FREE);

    private static final Endpoint EMBEDDINGS = new Endpoint("embeddings", METERED);

    /**
     * What costs what, under {@code /v1}. What is not here and is no plain reading or deleting is
     * {@code other} and UNPRICED: it may cost money (fine-tuning, containers, live sessions,
     * realtime calls over WebRTC and SIP, secrets with which browsers spend, runs of assistants).
     */
    static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", CHAT),
                    entry("completions", COMPLETIONS),
                    entry("responses", RESPONSES),
                    entry("responses/compact", COMPACT),
                    entry("embeddings", EMBEDDINGS),
                    entry("moderations", new Endpoint("moderations", FREE)),
                    entry("responses/input_tokens", new Endpoint("responses.input_tokens", FREE)),
                    entry("images/generations", new Endpoint("images.generations", METERED)),
                    entry("images/edits", new Endpoint("images.edits", METERED)),
                    entry("images/variations", new Endpoint("images.variations", UNPRICED)),
                    entry("audio/speech", new Endpoint("audio.speech", METERED)),
                    entry("audio/transcriptions", new Endpoint("audio.transcriptions", METERED)),
                    entry("audio/translations", new Endpoint("audio.translations", METERED)),
                    entry("decisions", new Endpoint("decisions", UNPRICED)),
                    entry("videos", new Endpoint("videos", UNPRICED)),
                    entry("batches", OpenAiBatch.CREATE),
                    entry("files", FILES));

    /**
     * What can be read is what costs nothing to read or to delete: not live, whose sockets open
     * with a GET.
     */
    static final Flavour FLAVOUR =
            new Flavour.Builder("openai", "https://api.openai.com")
                    .post(POST)
                    .readable(
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
                            "containers")
                    .cancels("(responses|batches)/[\\w-]+/cancel")
                    .reading("responses", OpenAiRequest.FOLLOWED)
                    .realtime("model")
                    .asking(target -> true)
                    .quirks(QUIRKS)
                    .build();

    /** What is billed by the request alone. */
    private static final Set<String> UNREPORTED = Set.of("audio.speech", "tools.search");

    /** Whose requests are forms. */
    private static final Set<String> FORMS =
            Set.of("audio.transcriptions", "audio.translations", "images.edits");

    private final Flavour flavour;

    OpenAi() {
        this(FLAVOUR);
    }

    OpenAi(Flavour flavour) {
        this.flavour = flavour;
    }

    private static void finish(OpenAiUsage.Shape shape, OpenAiSeen seen, Peek peek) {
        if (shape.isChat() && peek.serverTools()) {
            seen.searches = 1;
        }
    }

    @Override
    public String name() {
        return flavour.name();
    }

    @Override
    public String defaultBaseUrl() {
        return flavour.baseUrl();
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        return flavour.endpoint(method, path);
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        List<String> presented = Credentials.bearers(headers);
        presented.addAll(Credentials.offered(headers));
        String header = flavour.keyHeader();
        if (header != null) {
            for (String value : headers.getAll(header)) {
                String key = value.strip();
                if (!key.isEmpty()) {
                    presented.add(key);
                }
            }
        }
        return Credentials.preferred(presented);
    }

    /** A token that somebody issued is a bearer's everywhere. */
    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        MultiMap headers = request.headers();
        String header = flavour.keyHeader();
        headers.remove(HttpHeaders.AUTHORIZATION);
        Credentials.removeOffered(headers);
        if (header != null) {
            headers.remove(header);
        }
        if (proof == null) {
            return;
        }
        String secret = Credentials.token(proof);
        if (header == null || Credentials.isIssued(secret)) {
            Credentials.setBearer(headers, secret);
        } else {
            headers.set(header, secret);
        }
    }

    @Override
    public Set<Cloud> clouds() {
        return flavour.clouds();
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        if (endpoint.equals(Realtime.ENDPOINT)) {
            return Realtime.peek(target, flavour.realtime());
        }
        return flavour.peek(endpoint, target, Bytes.of(body));
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, MultiMap headers, Buffer body) {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type == null || !FORMS.contains(endpoint.name()) || !Form.isOne(type)) {
            return peek(endpoint, target, body);
        }
        byte[] form = Form.json(type, body);
        return form == null
                ? new PeekResult.Malformed(
                        "the body must be a form (RFC 7578) that says each name once", null)
                : flavour.peek(endpoint, target, form);
    }

    /** Models for sounds bill tokens or time. */
    @Override
    public boolean billsByOneUnit(Endpoint endpoint) {
        return isAudio(endpoint);
    }

    private static boolean isAudio(Endpoint endpoint) {
        return endpoint.name().startsWith("audio.trans");
    }

    @Override
    public Opening opening(Endpoint endpoint) {
        return endpoint.equals(Realtime.ENDPOINT) ? Opening.BY_REQUEST : Opening.NONE;
    }

    @Override
    public SessionReader sessionReader(Endpoint endpoint, Peek peek) {
        return new Realtime(peek);
    }

    /** Speech comes as it is made. */
    @Override
    public boolean streams(Peek peek, String contentType) {
        return Provider.isEventStream(contentType) || contentType.startsWith("audio/");
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        if (UNREPORTED.contains(endpoint.name())) {
            return new MediaReader(peek);
        }
        if (OpenAiBatch.isAbout(endpoint)) {
            return OpenAiBatch.reader(endpoint, flavour, peek);
        }
        boolean events = answer.shape() != AnswerShape.BODY;
        if (isAudio(endpoint)) {
            OpenAiAudio audio = new OpenAiAudio(peek, events, flavour.leastAudioMillis());
            return events
                    ? new EventReader<>(OpenAiAudio.FIELDS, audio, false, null)
                    : new BodyReader<>(OpenAiAudio.FIELDS, audio);
        }
        Shape shape = shape(endpoint.name(), events);
        Fields<OpenAiUsage> fields = flavour.quirks().fields(shape);
        OpenAiUsage usage = new OpenAiUsage(shape, peek, flavour.quirks());
        if (!events) {
            return new BodyReader<>(fields, usage);
        }
        Transcript.Draft draft =
                answer.shape() == AnswerShape.COUNTED_EVENTS ? transcript(shape, peek) : null;
        return new EventReader<>(fields, usage, peek.usageEdit() != null, draft);
    }

    static Shape shape(String endpoint, boolean events) {
        return switch (endpoint) {
            case "responses", "responses.compact" ->
                    events ? Shape.RESPONSE_EVENTS : Shape.RESPONSE;
            case "images.generations", "images.edits" -> events ? Shape.IMAGE_EVENTS : Shape.IMAGES;
            case "conversations" -> events ? Shape.CONVERSATION_EVENTS : Shape.CONVERSATION;
            case "embeddings", "rerank", "moderations" -> Shape.EMBEDDINGS;
            case "ocr" -> Shape.PAGES;
            default -> events ? Shape.CHAT_EVENTS : Shape.CHAT;
        };
    }

    private static Transcript.Draft transcript(Shape shape, Peek peek) {
        return shape == Shape.RESPONSE_EVENTS
                ? new ResponsesTranscript()
                : new ChatTranscript(peek);
    }

    @Override
    public Dialect dialect() {
        return flavour.dialect();
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
