package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What OpenAI's responses say they used. Shapes: openai-python 3.54.0, {@code
 * types/completion_usage.py}, {@code types/chat/chat_completion_chunk.py}, {@code
 * types/create_embedding_response.py}, {@code types/responses/response_usage.py} and {@code
 * response.py}.
 *
 * <h2>Totals and what is inside them</h2>
 *
 * <p>Cached, written, audio and image tokens are inside the input total, reasoning and audio tokens
 * inside the output total. Kinds are disjoint, so each takes its share of what is left of the
 * total, in an order that matters only where shares overlap (a cached image): the dear ones first,
 * cached before image, because an image that was not cached costs what text costs. No kind goes
 * below 0 and the sum is always the total.
 *
 * <h2>Tools</h2>
 *
 * <p>{@code tool_usage} counts billable searches; where it is missing, the calls in {@code output}
 * are counted instead. Images that the image tool made are billed at another model's prices and get
 * a line of their own. Chat does not count searches at all: its search models make one for each
 * request.
 *
 * <h2>When a report is complete</h2>
 *
 * <p>A body: when it was read to its end and holds usage. A chat stream: when usage came in a chunk
 * without choices, or before {@code [DONE]}; some imitators send growing totals with each chunk.
 * Responses: with one of the three events that end them.
 */
final class OpenAiUsage implements Findings {
    /** What kind of response usage is looked for in. */
    enum Shape {
        CHAT,
        CHAT_EVENTS,
        EMBEDDINGS,
        RESPONSE,
        RESPONSE_EVENTS
    }

    private static final Fields<OpenAiUsage> CHAT_FIELDS = chat().build();
    private static final Fields<OpenAiUsage> RESPONSE_FIELDS =
            response("")
                    .text("id", (u, id) -> u.id = id)
                    .text("status", (u, status) -> u.status = status)
                    .build();
    private static final Fields<OpenAiUsage> RESPONSE_EVENT_FIELDS =
            response("response.").text("type", (u, type) -> u.seen.type = type).build();

    static Fields<OpenAiUsage> fields(Shape shape) {
        return switch (shape) {
            case CHAT, CHAT_EVENTS, EMBEDDINGS -> CHAT_FIELDS;
            case RESPONSE -> RESPONSE_FIELDS;
            case RESPONSE_EVENTS -> RESPONSE_EVENT_FIELDS;
        };
    }

    private static final Set<String> TERMINAL =
            Set.of("response.completed", "response.incomplete", "response.failed");

    /** Of a background response that is not over. */
    private static final Set<String> UNDER_WAY = Set.of("queued", "in_progress");

    private final Shape shape;
    private final Peek peek;
    private @Nullable String id;
    private @Nullable String status;
    private Seen seen = new Seen();
    private @Nullable Seen last;
    private boolean complete;

    OpenAiUsage(Shape shape, Peek peek) {
        this.shape = shape;
        this.peek = peek;
    }

    /** What one document said; -1 for what it did not say. */
    private static final class Seen {
        @Nullable String type;
        @Nullable String model;
        @Nullable String tier;
        boolean choices;
        long input = -1;
        long cached;
        long written;
        long written30m;
        long written12h;
        long audioInput;
        long imageInput;
        long output = -1;
        long reasoning;
        long audioOutput;
        long searches = -1;
        long searchCalls;
        long fileSearchCalls;
        @Nullable String imageModel;
        long imageToolInput;
        long imageToolImageInput;
        long imageToolOutput;
        long imageToolTextOutput;
    }

    private static Fields.Builder<OpenAiUsage> chat() {
        return usage("", "prompt", "completion")
                .on("choices[]", (u, token, parser) -> u.seen.choices = true);
    }

    private static Fields.Builder<OpenAiUsage> response(String at) {
        return usage(at, "input", "output")
                .on(at + "output[].type", OpenAiUsage::item)
                .text(at + "tools[].model", (u, model) -> u.seen.imageModel = model)
                .count(at + "tool_usage.web_search.num_requests", (u, n) -> u.seen.searches = n)
                .count(
                        at + "tool_usage.image_gen.input_tokens",
                        (u, n) -> u.seen.imageToolInput = n)
                .count(
                        at + "tool_usage.image_gen.input_tokens_details.image_tokens",
                        (u, n) -> u.seen.imageToolImageInput = n)
                .count(
                        at + "tool_usage.image_gen.output_tokens",
                        (u, n) -> u.seen.imageToolOutput = n)
                .count(
                        at + "tool_usage.image_gen.output_tokens_details.text_tokens",
                        (u, n) -> u.seen.imageToolTextOutput = n);
    }

    private static Fields.Builder<OpenAiUsage> usage(String at, String in, String out) {
        String input = at + "usage." + in + "_tokens";
        String output = at + "usage." + out + "_tokens";
        String written = input + "_details.cache_write_tokens";
        return new Fields.Builder<OpenAiUsage>()
                .text(at + "model", (u, model) -> u.seen.model = model)
                .text(at + "service_tier", (u, tier) -> u.seen.tier = tier)
                .count(input, (u, n) -> u.seen.input = n)
                .count(input + "_details.cached_tokens", (u, n) -> u.seen.cached = n)
                .count(written, (u, n) -> u.seen.written = n)
                .count(written + "_details.ttl_30m_tokens", (u, n) -> u.seen.written30m = n)
                .count(written + "_details.ttl_12h_tokens", (u, n) -> u.seen.written12h = n)
                .count(input + "_details.audio_tokens", (u, n) -> u.seen.audioInput = n)
                .count(input + "_details.image_tokens", (u, n) -> u.seen.imageInput = n)
                .count(output, (u, n) -> u.seen.output = n)
                .count(output + "_details.reasoning_tokens", (u, n) -> u.seen.reasoning = n)
                .count(output + "_details.audio_tokens", (u, n) -> u.seen.audioOutput = n);
    }

    private static void item(OpenAiUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String type = parser.getText();
            usage.seen.searchCalls += type.equals("web_search_call") ? 1 : 0;
            usage.seen.fileSearchCalls += type.equals("file_search_call") ? 1 : 0;
        }
    }

    @Override
    public void begin() {
        seen = new Seen();
    }

    @Override
    public void end() {
        boolean reported = seen.input >= 0 && (seen.output >= 0 || shape == Shape.EMBEDDINGS);
        if (!reported) {
            return;
        }
        switch (shape) {
            case CHAT, EMBEDDINGS, RESPONSE -> {
                last = seen;
                complete = true;
            }
            case CHAT_EVENTS -> {
                last = seen;
                complete |= !seen.choices;
            }
            case RESPONSE_EVENTS -> {
                if (seen.type != null && TERMINAL.contains(seen.type)) {
                    last = seen;
                    complete = true;
                }
            }
        }
    }

    @Override
    public boolean onlyUsage() {
        return shape == Shape.CHAT_EVENTS && seen == last && !seen.choices;
    }

    /** Only a name that is one segment of a path; anything else would lead elsewhere. */
    @Override
    public @Nullable Job job() {
        boolean underWay = status != null && UNDER_WAY.contains(status);
        return underWay && id != null && id.matches("[\\w-]{1,256}")
                ? new Job("/v1/responses/" + id)
                : null;
    }

    @Override
    public void sentinel() {
        complete |= shape == Shape.CHAT_EVENTS && last != null;
    }

    @Override
    public UsageReport report(long outputBytes) {
        List<UsageLine> lines = new ArrayList<>(1);
        if (last != null) {
            List<String> terms = last.tier == null ? peek.terms() : List.of(OpenAi.term(last.tier));
            lines.add(
                    new UsageLine(
                            last.model == null ? peek.model() : last.model, usage(last), terms));
            Usage images = imageToolUsage(last);
            if (!images.equals(Usage.NONE)) {
                lines.add(new UsageLine(imageModel(last), images, terms));
            }
        }
        return new UsageReport(lines, complete, outputBytes);
    }

    private String imageModel(Seen from) {
        if (from.imageModel != null) {
            return from.imageModel;
        }
        return peek.otherModels().isEmpty()
                ? OpenAiRequest.DEFAULT_IMAGE_MODEL
                : peek.otherModels().getFirst();
    }

    private Usage usage(Seen from) {
        Usage.Tally tally = new Usage.Tally();
        long input = from.input;
        input -= share(tally, Kind.AUDIO_INPUT, from.audioInput, input);
        input -= share(tally, Kind.CACHE_WRITE_12H, from.written12h, input);
        // Written tokens without a class are written for the shortest time, which is the default.
        input -=
                share(
                        tally,
                        Kind.CACHE_WRITE_30M,
                        Math.max(from.written30m, from.written - from.written12h),
                        input);
        input -= share(tally, Kind.CACHED_INPUT, from.cached, input);
        input -= share(tally, Kind.IMAGE_INPUT, from.imageInput, input);
        tally.set(Kind.INPUT, input);
        long output = Math.max(0, from.output);
        output -= share(tally, Kind.AUDIO_OUTPUT, from.audioOutput, output);
        output -= share(tally, Kind.REASONING, from.reasoning, output);
        tally.set(Kind.OUTPUT, output);
        tally.set(Kind.WEB_SEARCH, from.searches >= 0 ? from.searches : from.searchCalls);
        tally.set(Kind.FILE_SEARCH, from.fileSearchCalls);
        if (peek.serverTools() && (shape == Shape.CHAT || shape == Shape.CHAT_EVENTS)) {
            tally.set(Kind.WEB_SEARCH, 1);
        }
        return tally.toUsage();
    }

    /** Without details all output is taken as image tokens, the dearer kind. */
    private static Usage imageToolUsage(Seen from) {
        Usage.Tally tally = new Usage.Tally();
        long input = from.imageToolInput;
        input -= share(tally, Kind.IMAGE_INPUT, from.imageToolImageInput, input);
        tally.set(Kind.INPUT, input);
        long output = from.imageToolOutput;
        output -= share(tally, Kind.OUTPUT, from.imageToolTextOutput, output);
        tally.set(Kind.IMAGE_OUTPUT, output);
        return tally.toUsage();
    }

    private static long share(Usage.Tally tally, Kind kind, long amount, long left) {
        long share = Math.clamp(amount, 0, left);
        tally.set(kind, share);
        return share;
    }
}
