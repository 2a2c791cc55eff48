package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What Google's answers say they used. Shapes: google-genai 3.4.0, {@code types.py}, {@code
 * GenerateContentResponseUsageMetadata} and {@code GroundingMetadata}.
 *
 * <h2>A stream is one report again and again</h2>
 *
 * <p>Each chunk repeats {@code usageMetadata} with the totals so far; the first may lack the
 * output, Vertex leaves all but the last out. So the last one counts, unless it says less output
 * than one before. Chunks are events, or the elements of one array, which may end with an error
 * instead. The stream is complete once every candidate has said why it finished, or the prompt was
 * blocked.
 *
 * <h2>Totals and what is inside them</h2>
 *
 * <p>The cache is inside the prompt. What tools brought comes on top of the prompt, and thoughts on
 * top of the candidates, except where the total says that they are inside already. Modalities are
 * inside each; documents are read as images. A cached token takes its share before one that was
 * heard or seen.
 *
 * <h2>Searches</h2>
 *
 * <p>They are in no usage, but in the grounding of the candidates: up to Gemini 2 one for a prompt
 * that was grounded at all, later one for each query.
 */
final class GeminiUsage implements Findings {
    private static final Fields<GeminiUsage> FIELDS = fields().build();

    /** The tier that served a request, where it is not in the body (Gemini API documentation). */
    private static final String TIER = "x-gemini-service-tier";

    /** Queries that are told apart; there are never so many in one answer. */
    private static final int MAX_QUERIES = 1_000;

    private final Peek peek;
    private final MultiMap headers;
    private Seen seen = new Seen();
    private @Nullable Seen last;
    private @Nullable String model;
    private final Set<String> queries = new HashSet<>();
    private final Set<String> retrievals = new HashSet<>();
    private boolean searched;
    private boolean mapped;
    private final Set<Long> finished = new HashSet<>();
    private boolean blocked;
    private boolean complete;

    /** What a session's message says: that the model is at work, that it has finished. */
    boolean atWork;

    boolean turnEnds;

    // The candidate being read.
    private boolean inCandidate;
    private long index;
    private boolean finishes;

    GeminiUsage(Peek peek, MultiMap headers) {
        this.peek = peek;
        this.headers = headers;
    }

    static boolean streams(Peek peek, String contentType) {
        String json = "application/json";
        return Provider.isEventStream(contentType)
                || (peek.stream() && contentType.regionMatches(true, 0, json, 0, json.length()));
    }

    static UsageReader reader(Endpoint endpoint, Peek peek, Answer answer) {
        if (endpoint.name().equals("predict")) {
            return new BodyReader<>(GeminiPredictions.FIELDS, new GeminiPredictions(peek));
        }
        GeminiUsage findings = new GeminiUsage(peek, answer.headers());
        return Provider.isEventStream(answer.contentType())
                ? new EventReader<>(FIELDS, findings, false, null)
                : new BodyReader<>(FIELDS, findings);
    }

    /** A reader for the part that imitates OpenAI's API. */
    static UsageReader imitated(Endpoint endpoint, Peek peek, Answer answer) {
        boolean events = Provider.isEventStream(answer.contentType());
        AnswerShape shape = events ? answer.shape() : AnswerShape.BODY;
        return Imitation.OPENAI.usageReader(
                endpoint, peek, new Answer(shape, answer.contentType(), answer.headers()));
    }

    /** What one chunk said; -1 for what it did not say. */
    private static final class Seen {
        long prompt = -1;
        long cached;
        long tools;
        long answer = -1;
        long thoughts;
        long total = -1;
        @Nullable String traffic;
        @Nullable String tier;
        final Modalities ofPrompt = new Modalities();
        final Modalities ofCache = new Modalities();
        final Modalities ofTools = new Modalities();
        final Modalities ofAnswer = new Modalities();

        long output() {
            return Math.max(0, answer) + thoughts;
        }

        /** Input of these modalities that came from no cache. */
        long fresh(String... modalities) {
            return ofPrompt.of(modalities) + ofTools.of(modalities) - ofCache.of(modalities);
        }
    }

    /** A builder, so that a session can add what it says beside. */
    static Fields.Builder<GeminiUsage> fields() {
        Fields.Builder<GeminiUsage> fields =
                new Fields.Builder<GeminiUsage>().on("[]", (u, token, parser) -> u.nextChunk());
        for (String at : List.of("", "[].")) {
            String usage = at + "usageMetadata.";
            fields.text(at + "modelVersion", (u, name) -> u.model = name)
                    .count(usage + "promptTokenCount", (u, n) -> u.seen.prompt = n)
                    .count(usage + "cachedContentTokenCount", (u, n) -> u.seen.cached = n)
                    .count(usage + "toolUsePromptTokenCount", (u, n) -> u.seen.tools = n)
                    .count(usage + "candidatesTokenCount", (u, n) -> u.seen.answer = n)
                    .count(usage + "responseTokenCount", (u, n) -> u.seen.answer = n)
                    .count(usage + "thoughtsTokenCount", (u, n) -> u.seen.thoughts = n)
                    .count(usage + "totalTokenCount", (u, n) -> u.seen.total = n)
                    .text(usage + "trafficType", (u, word) -> u.seen.traffic = word)
                    .text(usage + "serviceTier", (u, word) -> u.seen.tier = word)
                    .text(at + "promptFeedback.blockReason", (u, why) -> u.blocked = true);
            details(fields, usage + "promptTokensDetails[]", seen -> seen.ofPrompt);
            details(fields, usage + "cacheTokensDetails[]", seen -> seen.ofCache);
            details(fields, usage + "toolUsePromptTokensDetails[]", seen -> seen.ofTools);
            details(fields, usage + "candidatesTokensDetails[]", seen -> seen.ofAnswer);
            details(fields, usage + "responseTokensDetails[]", seen -> seen.ofAnswer);
            candidates(fields, at + "candidates[]");
        }
        return fields;
    }

    private static void details(
            Fields.Builder<GeminiUsage> fields, String at, Function<Seen, Modalities> of) {
        fields.on(at, (u, token, parser) -> of.apply(u.seen).next())
                .text(at + ".modality", (u, word) -> of.apply(u.seen).modality(word))
                .count(at + ".tokenCount", (u, n) -> of.apply(u.seen).tokens(n));
    }

    private static void candidates(Fields.Builder<GeminiUsage> fields, String at) {
        fields.on(at, (u, token, parser) -> u.nextCandidate())
                .count(at + ".index", (u, index) -> u.index = index)
                .text(at + ".finishReason", (u, why) -> u.finishes = true);
        grounding(fields, at + ".groundingMetadata.");
    }

    static void grounding(Fields.Builder<GeminiUsage> fields, String grounding) {
        fields.on(grounding + "webSearchQueries[]", (u, t, p) -> add(u.queries, t, p))
                .on(grounding + "imageSearchQueries[]", (u, t, p) -> add(u.queries, t, p))
                .on(grounding + "retrievalQueries[]", (u, t, p) -> add(u.retrievals, t, p))
                .on(grounding + "groundingChunks[].web", (u, t, p) -> u.searched = true)
                .on(grounding + "groundingChunks[].maps", (u, t, p) -> u.mapped = true);
    }

    private static void add(Set<String> queries, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING && queries.size() < MAX_QUERIES) {
            queries.add(parser.getText());
        }
    }

    private void nextCandidate() {
        candidateEnds();
        inCandidate = true;
        index = 0;
        finishes = false;
    }

    /** Its index and its reason came in any order. */
    private void candidateEnds() {
        if (inCandidate && finishes && finished.size() < peek.choices()) {
            finished.add(index);
        }
        inCandidate = false;
    }

    @Override
    public boolean wants(byte[] data, int length) {
        return true;
    }

    @Override
    public void begin() {
        seen = new Seen();
    }

    private void nextChunk() {
        fold();
        seen = new Seen();
    }

    @Override
    public void end() {
        fold();
        boolean ended = blocked || finished.size() >= peek.choices();
        complete = last != null && (!peek.stream() || ended);
    }

    private void fold() {
        candidateEnds();
        boolean reported = seen.prompt >= 0 || seen.total >= 0;
        if (reported && (last == null || seen.output() >= last.output())) {
            last = seen;
        }
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (last == null) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        String name = model == null ? peek.model() : model;
        String plain = name.startsWith("models/") ? name.substring("models/".length()) : name;
        UsageLine line = new UsageLine(plain, usage(last, plain), terms(last));
        return new UsageReport(List.of(line), complete, outputBytes);
    }

    private List<String> terms(Seen from) {
        String tier = headers.get(TIER);
        if (tier == null) {
            tier = from.tier == null ? from.traffic : from.tier;
        }
        if (tier == null) {
            return peek.terms();
        }
        String word = GeminiRequest.term(tier);
        return word.isEmpty() ? List.of() : List.of(word);
    }

    private Usage usage(Seen from, String name) {
        Usage.Tally tally = new Usage.Tally();
        long input = Math.max(0, from.prompt) + from.tools;
        long cached = Math.clamp(from.cached, 0, input);
        new Shares(tally, cached)
                .take(Kind.CACHED_AUDIO_INPUT, from.ofCache.of("AUDIO"))
                .take(Kind.CACHED_IMAGE_INPUT, from.ofCache.of("IMAGE", "DOCUMENT"))
                .take(Kind.CACHED_TEXT_INPUT, from.ofCache.of("TEXT"))
                .rest(Kind.CACHED_INPUT);
        new Shares(tally, input - cached)
                .take(Kind.AUDIO_INPUT, from.fresh("AUDIO"))
                .take(Kind.VIDEO_INPUT, from.fresh("VIDEO"))
                .take(Kind.IMAGE_INPUT, from.fresh("IMAGE", "DOCUMENT"))
                .rest(Kind.INPUT);
        output(from, tally);
        boolean once = name.startsWith("gemini-1") || name.startsWith("gemini-2");
        long searches = Math.max(queries.size(), searched ? 1 : 0);
        tally.set(Kind.WEB_SEARCH, once ? Math.min(1, searches) : searches);
        tally.set(Kind.FILE_SEARCH, retrievals.size());
        tally.set(Kind.MAPS_SEARCH, mapped ? 1 : 0);
        return tally.toUsage();
    }

    private static void output(Seen from, Usage.Tally tally) {
        long answer = Math.max(0, from.answer);
        boolean inside = Math.max(0, from.prompt) + from.tools + answer == from.total;
        new Shares(tally, inside ? answer : answer + from.thoughts)
                .take(Kind.REASONING, from.thoughts)
                .take(Kind.VIDEO_OUTPUT, from.ofAnswer.of("VIDEO"))
                .take(Kind.IMAGE_OUTPUT, from.ofAnswer.of("IMAGE", "DOCUMENT"))
                .take(Kind.AUDIO_OUTPUT, from.ofAnswer.of("AUDIO"))
                .rest(Kind.OUTPUT);
    }
}
