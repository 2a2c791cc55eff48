package weir.price;

import java.util.List;
import java.util.OptionalLong;
import weir.usage.Usage;

/**
 * What bounds a request before it is sent, as far as the request itself tells.
 *
 * @param inputTokens a bound, at least 0: bytes of the body and what the vendor may add; {@link
 *     #UNSEEN} where the body does not hold all of the input
 * @param requests how many requests these are, at least 1, each with a context window of its own;
 *     all other bounds but the cap are of all of them
 * @param choices how many completions are asked for, at least 1
 * @param outputCap the request's own limit on output tokens per choice, at least 0
 * @param toolCalls how many calls of the vendor's own tools are allowed for, at least 0; 0 where
 *     none can run, {@link #TOOL_CALLS} where the request sets no limit of its own
 * @param terms terms of service asked for, in the price book's words
 * @param media the most that can be billed by the piece, length or time: nothing else of it counts
 */
public record Ask(
        long inputTokens,
        int requests,
        int choices,
        OptionalLong outputCap,
        int toolCalls,
        List<String> terms,
        Usage media) {
    /** Only the model's context window bounds the input. */
    public static final long UNSEEN = Long.MAX_VALUE;

    /**
     * Allowed for where a request lets server tools run and does not limit them. Vendors state no
     * bound of their own; 25 calls are two to three times what an agentic search takes, and a
     * quarter of a dollar at 10 USD per thousand.
     */
    public static final int TOOL_CALLS = 25;

    public Ask {
        if (inputTokens < 0
                || requests < 1
                || choices < 1
                || outputCap.orElse(0) < 0
                || toolCalls < 0) {
            throw new IllegalArgumentException(
                    "a bound is not negative, and at least one choice is asked for");
        }
        terms = List.copyOf(terms);
        media = media.media();
    }

    /** Of a request that is billed by tokens and calls alone. */
    public Ask(
            long inputTokens,
            int choices,
            OptionalLong outputCap,
            int toolCalls,
            List<String> terms) {
        this(inputTokens, 1, choices, outputCap, toolCalls, terms, Usage.NONE);
    }

    /** The same request with this limit on output tokens per choice, at least 0. */
    public Ask withOutputCap(long cap) {
        return new Ask(
                inputTokens, requests, choices, OptionalLong.of(cap), toolCalls, terms, media);
    }
}
