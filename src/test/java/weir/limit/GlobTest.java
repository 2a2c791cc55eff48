package weir.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GlobTest {
    private static List<String> words(String alphabet, int upTo) {
        List<String> words = new ArrayList<>(List.of(""));
        for (int from = 0; words.get(from).length() < upTo; from++) {
            for (int c = 0; c < alphabet.length(); c++) {
                words.add(words.get(from) + alphabet.charAt(c));
            }
        }
        return words;
    }

    /** The definition itself, without a care for time. */
    private static boolean model(String pattern, String value) {
        if (pattern.isEmpty()) {
            return value.isEmpty();
        }
        if (pattern.charAt(0) == '*') {
            return model(pattern.substring(1), value)
                    || (!value.isEmpty() && model(pattern, value.substring(1)));
        }
        return !value.isEmpty()
                && value.charAt(0) == pattern.charAt(0)
                && model(pattern.substring(1), value.substring(1));
    }

    @Test
    void everyShortPatternOnEveryShortValue() {
        for (String pattern : words("ab*", 5)) {
            Glob glob = new Glob(pattern);
            for (String value : words("ab", 6)) {
                assertEquals(model(pattern, value), glob.matches(value), pattern + " on " + value);
            }
        }
    }

    @Test
    void onlyAStarIsSpecial() {
        assertTrue(new Glob("gpt-5.*").matches("gpt-5.1"));
        assertFalse(new Glob("gpt-5.*").matches("gpt-55"));
        assertFalse(new Glob("GPT*").matches("gpt"));
        assertTrue(new Glob("a").isLiteral());
        assertFalse(new Glob("a*").isLiteral());
    }

    @Test
    void aHostilePatternTakesNoTime() {
        String value = "a".repeat(5_000);
        Glob glob = new Glob("*a".repeat(30) + "b");
        assertTimeout(Duration.ofSeconds(5), () -> assertFalse(glob.matches(value)));
    }
}
