package weir.app.config;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** "Did you mean …?" for a key that nobody knows. */
final class Suggestion {
    /** A misspelt key of ours looks like this; anything else may be a misplaced secret. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,32}");

    private Suggestion() {}

    static boolean mayBeShown(String key) {
        return HARMLESS.matcher(key).matches();
    }

    /** The words for what is allowed, the likeliest one first. */
    static String of(String wrong, List<String> allowed) {
        String list = String.join(", ", allowed);
        if (!mayBeShown(wrong)) {
            return list;
        }
        String near =
                allowed.stream()
                        .min(Comparator.comparingInt(word -> distance(wrong, word)))
                        .orElse("");
        // A third of the letters wrong is a slip (two swapped count twice), more is another word.
        return distance(wrong, near) <= (near.length() + 1) / 3
                ? "did you mean " + near + "? (one of " + list + ")"
                : list;
    }

    /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
