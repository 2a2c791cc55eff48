package weir.limit;

/**
 * A pattern in which {@code *} stands for any run of characters, also an empty one, and every other
 * character for itself. Upper and lower case differ.
 */
public record Glob(String pattern) {
    public boolean isLiteral() {
        return pattern.indexOf('*') < 0;
    }

    /**
     * Linear in the length of the value for each star: after a mismatch only the last star moves
     * on.
     */
    public boolean matches(String value) {
        int p = 0;
        int v = 0;
        int star = -1;
        int mark = 0;
        while (v < value.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = v;
            } else if (p < pattern.length() && pattern.charAt(p) == value.charAt(v)) {
                p++;
                v++;
            } else if (star >= 0) {
                p = star + 1;
                v = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
