package weir.proxy;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How much a model has lately been answering, which is what a rate limit debits for output before
 * the answer is there. (Money is never reserved by expectation, only by the worst case.) A moving
 * average over some eight answers, in integers.
 */
public final class Expectations {
    /** What is expected of a model that has not answered yet. */
    static final long FIRST_OUTPUT_TOKENS = 256;

    /**
     * More models than anybody calls from one pod; past it, unknown ones are expected to answer as
     * usual.
     */
    private static final int MAX_MODELS = 1_000;

    private final ConcurrentHashMap<String, Long> outputTokens = new ConcurrentHashMap<>();

    long outputTokens(String model) {
        return outputTokens.getOrDefault(model, FIRST_OUTPUT_TOKENS);
    }

    void learn(String model, long actualOutputTokens) {
        if (outputTokens.size() < MAX_MODELS || outputTokens.containsKey(model)) {
            outputTokens.merge(model, actualOutputTokens, (old, now) -> old + (now - old) / 8);
        }
    }
}
