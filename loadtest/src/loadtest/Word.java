package loadtest;

/**
 * The words of a script, as {@link Script} explains them, each with the largest number it takes.
 */
enum Word {
    TOKENS("tokens=", Kind.COUNT, 1_000_000),
    CHUNKS("chunks=", Kind.COUNT, 1_000_000),
    CHUNK_BYTES("chunk-bytes=", Kind.COUNT, 1 << 20),
    /** A terabyte: enough to call endless. */
    BYTES("bytes=", Kind.COUNT, 1L << 40),
    DELAY("delay=", Kind.MILLIS, 600_000),
    FIRST_BYTE("first-byte=", Kind.MILLIS, 600_000),
    CHUNK_DELAY("chunk-delay=", Kind.MILLIS, 600_000),
    STATUS("status=", Kind.COUNT, 599),
    CODE("code=", Kind.TEXT, 0),
    RETRY_AFTER("retry-after=", Kind.COUNT, 1_000_000_000),
    FAIL_FIRST("fail-first=", Kind.COUNT, 1_000_000),
    ID("id=", Kind.TEXT, 0),
    CUT_AFTER_BYTES("cut=after-bytes:", Kind.COUNT, 1L << 40),
    CUT_AFTER_CHUNKS("cut=after-chunks:", Kind.COUNT, 1_000_000),
    STALL_BEFORE_HEADERS("stall=before-headers", Kind.FLAG, 1),
    STALL_AFTER_BYTES("stall=after-bytes:", Kind.COUNT, 1L << 40),
    STALL_AFTER_CHUNKS("stall=after-chunks:", Kind.COUNT, 1_000_000),
    RESET_BEFORE_HEADERS("reset=before-headers", Kind.FLAG, 1),
    RESET_AFTER_CHUNKS("reset=after-chunks:", Kind.COUNT, 1_000_000),
    GARBAGE("garbage", Kind.FLAG, 1),
    ERROR_IN_STREAM("error-in-stream", Kind.FLAG, 1),
    FAILED("failed", Kind.FLAG, 1),
    NO_USAGE("no-usage", Kind.FLAG, 1),
    GZIP("gzip", Kind.FLAG, 1),
    TIER("tier=", Kind.TEXT, 0),
    SPEED("speed=", Kind.TEXT, 0),
    GEO("geo=", Kind.TEXT, 0);

    enum Kind {
        FLAG,
        COUNT,
        MILLIS,
        TEXT
    }

    private final String spelling;
    private final Kind kind;
    private final long max;

    Word(String spelling, Kind kind, long max) {
        this.spelling = spelling;
        this.kind = kind;
        this.max = max;
    }

    /** The whole word of a flag; of another, what stands before its value. */
    String spelling() {
        return spelling;
    }

    Kind kind() {
        return kind;
    }

    long max() {
        return max;
    }

    boolean begins(String item) {
        return kind == Kind.FLAG ? item.equals(spelling) : item.startsWith(spelling);
    }
}
