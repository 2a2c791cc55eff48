package weir.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageReport;

/**
 * What answers in OpenAI's dialect say they used: {@link OpenAiFields} reads a document into an
 * {@link OpenAiSeen}, and here is kept which of them counts.
 *
 * <h2>When a report is complete</h2>
 *
 * <p>A body: when it was read to its end and holds usage. A chat stream: when usage came in a chunk
 * without choices, or before {@code [DONE]}; some imitators send growing totals with each chunk.
 * Others: with one of the events that end them.
 */
final class OpenAiUsage implements Findings {
    /** What kind of response usage is looked for in. */
    enum Shape {
        CHAT,
        CHAT_EVENTS,
        /** Input alone is reported: embeddings, rankings. */
        EMBEDDINGS,
        RESPONSE,
        RESPONSE_EVENTS,
        IMAGES,
        IMAGE_EVENTS,
        /** Mistral's. */
        CONVERSATION,
        CONVERSATION_EVENTS,
        /** Documents, billed by their pages. */
        PAGES;

        boolean isChat() {
            return this == CHAT || this == CHAT_EVENTS;
        }

        boolean isImages() {
            return this == IMAGES || this == IMAGE_EVENTS;
        }
    }

    private static final Set<String> TERMINAL =
            Set.of(
                    "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "image_generation.completed",
                    "image_edit.completed",
                    "conversation.response.done");

    /** Of a background response that is not over. */
    private static final Set<String> UNDER_WAY = Set.of("queued", "in_progress");

    private final Shape shape;
    private final Peek peek;
    private final Quirks quirks;
    private final Map<Long, Kind> executed = new HashMap<>();
    @Nullable String id;
    @Nullable String status;
    OpenAiSeen seen = new OpenAiSeen();
    private boolean begun;
    private @Nullable OpenAiSeen last;
    private boolean complete;

    /** The place in its list of the tool being read. */
    long toolIndex;

    OpenAiUsage(Shape shape, Peek peek) {
        this(shape, peek, OpenAi.QUIRKS);
    }

    OpenAiUsage(Shape shape, Peek peek, Quirks quirks) {
        this.shape = shape;
        this.peek = peek;
        this.quirks = quirks;
    }

    static Fields<OpenAiUsage> fields(Shape shape) {
        return OpenAi.QUIRKS.fields(shape);
    }

    /** A tool that ran; vendors tell of it more than once, and may do so before the usage. */
    void executed(Kind kind) {
        executed.put(toolIndex, kind);
    }

    @Override
    public void begin() {
        if (begun) {
            seen = new OpenAiSeen();
        }
        begun = true;
        seen.makesImages = shape.isImages();
    }

    @Override
    public void end() {
        quirks.finish(shape, seen, peek);
        if (!reported()) {
            return;
        }
        switch (shape) {
            case CHAT, EMBEDDINGS, RESPONSE, IMAGES, CONVERSATION, PAGES -> keep();
            case CHAT_EVENTS -> {
                last = seen;
                complete |= !seen.choices;
            }
            case RESPONSE_EVENTS, IMAGE_EVENTS, CONVERSATION_EVENTS -> {
                if (seen.type != null && TERMINAL.contains(seen.type)) {
                    keep();
                }
            }
        }
    }

    private boolean reported() {
        return switch (shape) {
            case EMBEDDINGS -> seen.input >= 0;
            case PAGES -> seen.pages >= 0;
            case IMAGES -> counted() || (seen.images > 0 && peek.media().amount(Kind.IMAGES) > 0);
            default -> counted();
        };
    }

    private boolean counted() {
        return seen.input >= 0 && seen.output >= 0;
    }

    /** Each image of a stream has a last event of its own. */
    private void keep() {
        if (shape == Shape.IMAGE_EVENTS && last != null) {
            seen.input += last.input;
            seen.imageInput += last.imageInput;
            seen.output += last.output;
            seen.imageOutput += last.imageOutput;
        }
        last = seen;
        complete = true;
    }

    @Override
    public boolean onlyUsage() {
        return shape == Shape.CHAT_EVENTS && seen == last && !seen.choices;
    }

    @Override
    public @Nullable Job job() {
        boolean underWay = !peek.unmetered() && status != null && UNDER_WAY.contains(status);
        return underWay ? Job.of("%s", id, null) : null;
    }

    @Override
    public void sentinel() {
        complete |= shape == Shape.CHAT_EVENTS && last != null;
    }

    @Override
    public boolean wants(byte[] data, int length) {
        return EventReader.reportsUsage(data, length) || quirks.wants(data, length);
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (last == null) {
            return new UsageReport(List.of(), complete, outputBytes);
        }
        Usage.Tally calls = new Usage.Tally();
        executed.values().forEach(kind -> calls.add(kind, 1));
        OptionalLong billed =
                last.billedNanoUsd < 0 ? OptionalLong.empty() : OptionalLong.of(last.billedNanoUsd);
        return new UsageReport(last.lines(peek, calls.toUsage()), complete, outputBytes, billed);
    }
}
