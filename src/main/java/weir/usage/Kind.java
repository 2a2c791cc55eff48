package weir.usage;

/**
 * What a provider bills by. Kinds are disjoint: a token is counted in exactly one of them, so a
 * cost is a plain sum over kinds. Vendors that report sub-counts inside a total (OpenAI's cached
 * tokens) are unfolded by their usage reader; vendors that report them beside it (Anthropic's cache
 * reads) need no arithmetic.
 */
public enum Kind {
    /** Prompt tokens that are in no other input kind. */
    INPUT(Side.INPUT),
    CACHED_INPUT(Side.INPUT),
    CACHE_WRITE_5M(Side.INPUT),
    CACHE_WRITE_30M(Side.INPUT),
    CACHE_WRITE_1H(Side.INPUT),
    CACHE_WRITE_12H(Side.INPUT),
    AUDIO_INPUT(Side.INPUT),
    IMAGE_INPUT(Side.INPUT),
    /** Completion tokens that are in no other output kind. */
    OUTPUT(Side.OUTPUT),
    /** Hidden thinking, where a vendor counts it apart; priced as output unless priced apart. */
    REASONING(Side.OUTPUT),
    AUDIO_OUTPUT(Side.OUTPUT),
    IMAGE_OUTPUT(Side.OUTPUT),
    /** Calls of the vendor's own web search, billed per call. */
    WEB_SEARCH(Side.CALLS),
    /** Calls of the vendor's own file search, billed per call. */
    FILE_SEARCH(Side.CALLS);

    /** What a kind adds up to: one of the token totals that limits count, or calls. */
    public enum Side {
        INPUT,
        OUTPUT,
        CALLS
    }

    private final Side side;

    Kind(Side side) {
        this.side = side;
    }

    public Side side() {
        return side;
    }
}
