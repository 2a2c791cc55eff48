package weir.provider;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;

/**
 * What one document of an answer in OpenAI's dialect said; -1 for what it did not say.
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
 * a line of their own, as do the helpers of the image endpoint and the models that worked inside a
 * vendor's compound.
 */
final class OpenAiSeen {
    /** A model that did a part of the work, in a vendor's own list of them. */
    static final class Part {
        @Nullable String model;
        long input;
        long cached;
        long output;
        long reasoning;
    }

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
    long imageOutput;
    long total = -1;
    long searches = -1;
    long searchCalls;
    long fileSearchCalls;
    @Nullable String imageModel;
    long imageToolInput;
    long imageToolImageInput;
    long imageToolOutput;
    long imageToolTextOutput;

    /** Whether image tokens are what the output is made of, unless it says otherwise. */
    boolean makesImages;

    /** Images made, where the answer lists them. */
    long images;

    /** Of the answer, where the document tells it; else -1. */
    long status = -1;

    /** Whether the document tells of an error in the place of an answer. */
    boolean failed;

    long pages = -1;

    /** Input tokens that are billed and not in the total. */
    long addedInput;

    long audioMillis;

    /** What the vendor says that it charges, in nano-dollars. */
    long billedNanoUsd = -1;

    /** Calls of the vendor's own tools that it counts itself. */
    final Usage.Tally tools = new Usage.Tally();

    /** The model that helped to draw. */
    final Part helper = new Part();

    /** The models that did the work, where the vendor lists them; they make up the totals. */
    final List<Part> parts = new ArrayList<>(0);

    boolean isFailure() {
        return failed || status >= 400;
    }

    /** The part that is being read. */
    Part part() {
        return parts.isEmpty() ? new Part() : parts.getLast();
    }

    /** What is to be charged, and to which model; the first line is the request's own. */
    List<UsageLine> lines(Peek peek, Usage executed) {
        List<String> terms = tier == null ? peek.terms() : List.of(OpenAi.term(tier));
        String name = model == null ? peek.model() : model;
        List<UsageLine> lines = new ArrayList<>(1);
        if (parts.isEmpty()) {
            lines.add(new UsageLine(name, usage(peek, executed), terms));
        } else {
            lines.add(new UsageLine(name, called(new Usage.Tally(), executed).toUsage(), terms));
        }
        for (Part part : parts) {
            lines.add(new UsageLine(part.model == null ? name : part.model, usage(part), terms));
        }
        add(lines, imageModel(peek), imageToolUsage(), terms);
        add(lines, helper.model == null ? name : helper.model, usage(helper), terms);
        return lines;
    }

    private static void add(List<UsageLine> to, String model, Usage usage, List<String> terms) {
        if (!usage.equals(Usage.NONE)) {
            to.add(new UsageLine(model, usage, terms));
        }
    }

    private Usage usage(Peek peek, Usage executed) {
        Usage.Tally tally = new Usage.Tally();
        new Shares(tally, input)
                .take(Kind.AUDIO_INPUT, audioInput)
                .take(Kind.CACHE_WRITE_12H, written12h)
                // Without a class they are written for the shortest time, which is the default.
                .take(Kind.CACHE_WRITE_30M, Math.max(written30m, written - written12h))
                .take(Kind.CACHED_INPUT, cached)
                .take(Kind.IMAGE_INPUT, imageInput)
                .rest(Kind.INPUT);
        tally.add(Kind.INPUT, addedInput);
        boolean drawn = makesImages && imageOutput == 0;
        new Shares(tally, output)
                .take(Kind.AUDIO_OUTPUT, audioOutput)
                .take(Kind.REASONING, reasoning)
                .take(Kind.IMAGE_OUTPUT, drawn ? output : imageOutput)
                .rest(Kind.OUTPUT);
        tally.set(Kind.AUDIO_MILLIS, audioMillis);
        if (peek.media().amount(Kind.IMAGES) > 0) {
            tally.set(Kind.IMAGES, images);
        }
        boolean annotates = peek.media().amount(Kind.ANNOTATED_PAGES) > 0;
        tally.set(annotates ? Kind.ANNOTATED_PAGES : Kind.PAGES, pages);
        return called(tally, executed).toUsage();
    }

    private Usage.Tally called(Usage.Tally tally, Usage executed) {
        tally.add(Kind.WEB_SEARCH, searches >= 0 ? searches : searchCalls);
        tally.add(Kind.FILE_SEARCH, fileSearchCalls);
        for (Kind kind : Kind.ALL) {
            if (kind.side() == Kind.Side.CALLS) {
                tally.add(kind, tools.amount(kind) + executed.amount(kind));
            }
        }
        return tally;
    }

    private String imageModel(Peek peek) {
        if (imageModel != null) {
            return imageModel;
        }
        return peek.otherModels().isEmpty()
                ? OpenAiRequest.DEFAULT_IMAGE_MODEL
                : peek.otherModels().getFirst();
    }

    /** Without details all output is taken as image tokens, the dearer kind. */
    private Usage imageToolUsage() {
        Usage.Tally tally = new Usage.Tally();
        new Shares(tally, imageToolInput)
                .take(Kind.IMAGE_INPUT, imageToolImageInput)
                .rest(Kind.INPUT);
        new Shares(tally, imageToolOutput)
                .take(Kind.OUTPUT, imageToolTextOutput)
                .rest(Kind.IMAGE_OUTPUT);
        return tally.toUsage();
    }

    private static Usage usage(Part part) {
        Usage.Tally tally = new Usage.Tally();
        new Shares(tally, part.input).take(Kind.CACHED_INPUT, part.cached).rest(Kind.INPUT);
        new Shares(tally, part.output).take(Kind.REASONING, part.reasoning).rest(Kind.OUTPUT);
        return tally.toUsage();
    }
}
