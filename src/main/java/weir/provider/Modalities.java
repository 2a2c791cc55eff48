package weir.provider;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A list that Google divides a number of tokens by: {@code [{"modality":"TEXT","tokenCount":1}]},
 * its members in any order.
 */
final class Modalities {
    /** There are half a dozen; a list of others is not kept. */
    private static final int MAX_MODALITIES = 32;

    private final Map<String, Long> tokensByModality = new HashMap<>();
    private String modality = "";
    private long tokens;

    /** An element begins, or the list is over. */
    void next() {
        if (tokensByModality.size() < MAX_MODALITIES) {
            tokensByModality.merge(modality, tokens, Long::sum);
        }
        modality = "";
        tokens = 0;
    }

    void modality(String word) {
        modality = word.toUpperCase(Locale.ROOT);
    }

    void tokens(long count) {
        tokens = count;
    }

    /** Tokens of these modalities together. */
    long of(String... modalities) {
        next();
        long sum = 0;
        for (String each : modalities) {
            sum += tokensByModality.getOrDefault(each, 0L);
        }
        return sum;
    }
}
