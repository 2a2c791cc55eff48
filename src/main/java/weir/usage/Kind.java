package weir.usage;

import java.util.List;

/**
 * What a provider bills by. Kinds are disjoint: a token is counted in exactly one of them, so a
 * cost is a plain sum over kinds. Vendors that report sub-counts inside a total (OpenAI's cached
 * tokens) are unfolded by their usage reader; vendors that report them beside it (Anthropic's cache
 * reads) need no arithmetic.
 *
 * <p>Amounts are whole: time is counted in milliseconds, since vendors report fractions of a
 * second.
 */
public enum Kind {
    /** Prompt tokens that are in no other input kind. */
    INPUT(Side.INPUT, Per.MILLION),
    /** Read from a cache, whatever they stand for; the kinds below where the vendor tells. */
    CACHED_INPUT(Side.INPUT, Per.MILLION),
    CACHED_TEXT_INPUT(Side.INPUT, Per.MILLION),
    CACHED_AUDIO_INPUT(Side.INPUT, Per.MILLION),
    CACHED_IMAGE_INPUT(Side.INPUT, Per.MILLION),
    CACHE_WRITE_5M(Side.INPUT, Per.MILLION),
    CACHE_WRITE_30M(Side.INPUT, Per.MILLION),
    CACHE_WRITE_1H(Side.INPUT, Per.MILLION),
    CACHE_WRITE_12H(Side.INPUT, Per.MILLION),
    AUDIO_INPUT(Side.INPUT, Per.MILLION),
    /** Tokens of images and of documents that are read as images. */
    IMAGE_INPUT(Side.INPUT, Per.MILLION),
    VIDEO_INPUT(Side.INPUT, Per.MILLION),
    /** Completion tokens that are in no other output kind. */
    OUTPUT(Side.OUTPUT, Per.MILLION),
    /** Hidden thinking, where a vendor counts it apart; priced as output unless priced apart. */
    REASONING(Side.OUTPUT, Per.MILLION),
    AUDIO_OUTPUT(Side.OUTPUT, Per.MILLION),
    IMAGE_OUTPUT(Side.OUTPUT, Per.MILLION),
    VIDEO_OUTPUT(Side.OUTPUT, Per.MILLION),
    /** Text that is spoken or embedded, where it is billed by its characters. */
    CHARACTERS(Side.MEDIA, Per.MILLION),
    /** Images made, where they are billed by the piece. */
    IMAGES(Side.MEDIA, Per.ONE),
    /** Images read, where they are billed by the piece. */
    INPUT_IMAGES(Side.MEDIA, Per.ONE),
    /** Length of audio that is heard or spoken, also of a voice session. */
    AUDIO_MILLIS(Side.MEDIA, Per.HOUR),
    /** Length of video that is made or seen. */
    VIDEO_MILLIS(Side.MEDIA, Per.HOUR),
    /** Time on the vendor's hardware (Replicate's predict_time). */
    HARDWARE_MILLIS(Side.MEDIA, Per.HOUR),
    /** Pages of documents read. */
    PAGES(Side.MEDIA, Per.ONE),
    /** Pages read and annotated; priced as pages unless priced apart. */
    ANNOTATED_PAGES(Side.MEDIA, Per.ONE),
    /** Cohere's: one query over at most 100 documents. */
    SEARCH_UNITS(Side.MEDIA, Per.ONE),
    /** Tokens kept in a cache times hours that they are kept, rounded up (Gemini's caches). */
    STORED_TOKEN_HOURS(Side.MEDIA, Per.MILLION),
    /** Requests, messages or queries that have a price for themselves. */
    REQUESTS(Side.MEDIA, Per.ONE),
    /** Calls of the vendor's own search of the web or of a social network. */
    WEB_SEARCH(Side.CALLS, Per.ONE),
    /** Calls of the vendor's own search of files or collections. */
    FILE_SEARCH(Side.CALLS, Per.ONE),
    /** Calls of the vendor's own search of maps. */
    MAPS_SEARCH(Side.CALLS, Per.ONE),
    /** Pages that the vendor's own browser opens. */
    PAGE_VISIT(Side.CALLS, Per.ONE),
    /** Runs of code in the vendor's own sandbox, or sessions of it. */
    CODE_RUN(Side.CALLS, Per.ONE),
    /** Calls of any other tool of the vendor's own. */
    OTHER_TOOL(Side.CALLS, Per.ONE);

    /** What a kind adds up to. */
    public enum Side {
        /** Input tokens, which limits count. */
        INPUT,
        /** Output tokens, which limits count. */
        OUTPUT,
        /** What a model makes or reads and bills by the piece, its length or its time. */
        MEDIA,
        /** Calls of the vendor's own tools inside a request. */
        CALLS
    }

    /** How many units a price is for: as vendors quote it, so that every price is a decimal. */
    public enum Per {
        MILLION(1_000_000),
        ONE(1),
        /** In milliseconds. */
        HOUR(3_600_000);

        private final long units;

        Per(long units) {
            this.units = units;
        }

        public long units() {
            return units;
        }
    }

    /** All of them, in their order; unlike {@link #values} it is no new array for each request. */
    public static final List<Kind> ALL = List.of(values());

    private final Side side;
    private final Per per;

    Kind(Side side, Per per) {
        this.side = side;
        this.per = per;
    }

    public Side side() {
        return side;
    }

    /** What a price of this kind is for. */
    public Per per() {
        return per;
    }
}
