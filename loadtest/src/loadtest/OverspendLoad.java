package loadtest;

import java.math.BigDecimal;
import java.util.Random;

/**
 * The streams that everybody who guards the budget is given: as many tokens long as a seeded draw
 * says, mostly short with a long tail, as answers are. The budget is a tenth of what they cost.
 *
 * @param tokens of each stream
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read by index
record OverspendLoad(int[] tokens) {
    static final String MODEL = "gpt-4.1";

    /** Of {@link #MODEL}, as its vendor lists them: 2 and 8 USD per million. */
    static final long INPUT_NANO_USD = 2_000;

    static final long OUTPUT_NANO_USD = 8_000;

    /** What callers write who want no surprise; answers are a fifth of it on average. */
    static final int CAP = 2_048;

    private static final String PROMPT = "Tell me what a weir does to a river";
    static final int PROMPT_TOKENS = PROMPT.split(" ").length;
    private static final int SHORTEST = 40;
    private static final int MEAN = 400;

    static OverspendLoad of(int streams, long seed) {
        Random random = new Random(seed);
        int[] tokens = new int[streams];
        for (int i = 0; i < streams; i++) {
            double drawn = SHORTEST - (MEAN - SHORTEST) * Math.log(1 - random.nextDouble());
            tokens[i] = (int) Math.min(drawn, CAP - 1);
        }
        return new OverspendLoad(tokens);
    }

    /** What a stream costs that has made so many tokens. */
    static long costNanoUsd(long outputTokens) {
        return PROMPT_TOKENS * INPUT_NANO_USD + outputTokens * OUTPUT_NANO_USD;
    }

    long demandNanoUsd() {
        long sum = 0;
        for (int each : tokens) {
            sum += costNanoUsd(each);
        }
        return sum;
    }

    long budgetNanoUsd() {
        return demandNanoUsd() / 10;
    }

    /** As weir.yaml wants it. */
    String budgetUsd() {
        return BigDecimal.valueOf(budgetNanoUsd(), 9).toPlainString();
    }

    /** The call as an application makes it. */
    static String body() {
        return """
        {"model":"%s","stream":true,"max_tokens":%d,
        "messages":[{"role":"user","content":"%s"}]}\
        """
                .formatted(MODEL, CAP, PROMPT);
    }
}
