package weir.limit;

/**
 * How much of each unit one request takes: what it asks for when it is reserved, what it really
 * used when it is settled.
 *
 * @param requests 1, or 0 for one that never reached a provider
 * @param nanoUsd nano-dollars
 */
public record Amounts(long requests, long inputTokens, long outputTokens, long nanoUsd) {
    /** Of a request that never reached a provider: everything is given back. */
    public static final Amounts NOTHING = new Amounts(0, 0, 0, 0);

    public Amounts {
        if ((requests | inputTokens | outputTokens | nanoUsd) < 0) {
            throw new IllegalArgumentException("negative amount");
        }
    }

    /** The same for another amount of money. */
    public Amounts withNanoUsd(long other) {
        return new Amounts(requests, inputTokens, outputTokens, other);
    }

    public long of(Unit unit) {
        return switch (unit) {
            case REQUESTS, CONCURRENT -> requests;
            case INPUT_TOKENS -> inputTokens;
            case OUTPUT_TOKENS -> outputTokens;
            case TOKENS -> saturated(inputTokens, outputTokens);
            case SPEND -> nanoUsd;
        };
    }

    /** A caller may ask for any number of tokens; the sum of two such numbers has to stay one. */
    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
