package weir.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import weir.usage.Usage;

/**
 * What limits need to know of a request.
 *
 * @param bodyBytes size of the body: no tokenizer makes more tokens than bytes
 * @param outputCap the caller's own limit on output tokens per choice, the largest where several
 *     are given; 0 where none is wanted (filling a cache, scoring a prompt)
 * @param requests how many requests the body holds, at least 1: several in a batch
 * @param choices how many completions are asked for in all, at least 1
 * @param extraInputTokens what the vendor may add to the input beyond the body's bytes: tool
 *     prompts, chat template, inline images whose tokens do not follow from their bytes
 * @param unseenInput whether the request refers to input that the body does not hold (a stored
 *     conversation, a file id, a URL), or holds only compressed (a PDF): only the model's context
 *     window bounds it
 * @param serverTools whether the vendor's own tools, billed per call, may run inside the request
 * @param media the most that it can be billed for by the piece, length or time (images, seconds,
 *     characters), as far as it tells
 * @param terms terms of service asked for, in the price book's words
 * @param unmetered whether usage will never come back on this response (subtitles, or a stream of a
 *     background job, which goes on without it)
 * @param otherModels models that may work inside the request beside {@code model}, each for itself
 *     and billed at its own price (Anthropic's advisor and fallbacks); {@link #ANY} where the
 *     provider chooses
 * @param visibleOutput whether every output token that is billed will be seen as it passes, so that
 *     a stream of it can be counted: false wherever there may be hidden reasoning, or nobody knows
 * @param lowerCap how the request can be made to want less; null where it must be left alone,
 *     because output that breaks off is of no use to it (JSON, calls of tools), or has no one cap
 * @param usageEdit how the body has to change so that the provider reports usage; null where it
 *     needs not
 */
public record Peek(
        String model,
        boolean stream,
        long bodyBytes,
        OptionalLong outputCap,
        int requests,
        int choices,
        long extraInputTokens,
        boolean unseenInput,
        boolean serverTools,
        Usage media,
        List<String> terms,
        boolean unmetered,
        List<String> otherModels,
        boolean visibleOutput,
        @Nullable OutputCap lowerCap,
        @Nullable BodyEdit usageEdit)
        implements PeekResult {
    /** Stands among the other models for whichever the provider chooses. */
    public static final String ANY = "default";

    /** Beyond so many models nobody can say what a batch costs. */
    private static final int MAX_MODELS = 64;

    /** More than any model's context window. */
    private static final long ANY_INPUT_TOKENS = 1_000_000_000;

    public Peek {
        terms = List.copyOf(terms);
        otherModels = List.copyOf(otherModels);
    }

    /**
     * Of a session, each of whose turns may take all that the model can.
     *
     * @param serverTools whether the vendor's own tools may run in it
     */
    static Peek ofSession(String model, boolean serverTools) {
        return new Peek(
                model,
                true,
                0,
                OptionalLong.empty(),
                1,
                1,
                ANY_INPUT_TOKENS,
                false,
                serverTools,
                Usage.NONE,
                List.of(),
                false,
                List.of(),
                false,
                null,
                null);
    }

    /** The other models of a batch, each once; {@link #ANY} where they are too many. */
    static List<String> ofBatch(Collection<String> others) {
        List<String> each = others.stream().distinct().toList();
        return each.size() > MAX_MODELS ? List.of(ANY) : each;
    }

    /** The same with other names for its models. */
    public Peek named(UnaryOperator<String> name) {
        return as(name.apply(model), terms, otherModels.stream().map(name).toList());
    }

    /** The same under another name and other terms. */
    Peek as(String name, List<String> asked) {
        return as(name, asked, otherModels);
    }

    private Peek as(String name, List<String> asked, List<String> others) {
        return new Peek(
                name,
                stream,
                bodyBytes,
                outputCap,
                requests,
                choices,
                extraInputTokens,
                unseenInput,
                serverTools,
                media,
                asked,
                unmetered,
                others,
                visibleOutput,
                lowerCap,
                usageEdit);
    }

    /**
     * Everything that has to change in the body, in order.
     *
     * @param lowerTo what the output cap has to become, per choice; empty where it may stay
     */
    public List<BodyEdit> edits(OptionalLong lowerTo) {
        List<BodyEdit> edits = new ArrayList<>(2);
        if (usageEdit != null) {
            edits.add(usageEdit);
        }
        if (lowerCap != null && lowerTo.isPresent()) {
            edits.addAll(lowerCap.lowered(lowerTo.getAsLong()));
        }
        edits.sort(Comparator.comparingInt(BodyEdit::from));
        return edits;
    }

    /**
     * Replaces the bytes {@code from} (inclusive) to {@code to} (exclusive) of the body by {@code
     * text}.
     */
    public record BodyEdit(int from, int to, String text) {}
}
