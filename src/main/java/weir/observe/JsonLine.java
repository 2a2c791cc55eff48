package weir.observe;

/** Writes one flat JSON object, without a tree and without a parser's cost. */
final class JsonLine {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder line = new StringBuilder(512).append('{');

    JsonLine text(String key, String value) {
        key(key).append('"');
        if (isPlain(value)) {
            line.append(value);
        } else {
            for (int i = 0; i < value.length(); i++) {
                character(value.charAt(i));
            }
        }
        line.append('"');
        return this;
    }

    /** Whether there is nothing to escape, as nearly always. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    JsonLine number(String key, long value) {
        key(key).append(value);
        return this;
    }

    JsonLine flag(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    /** A duration in whole microseconds; left out where it is negative. */
    JsonLine micros(String key, long nanos) {
        return nanos < 0 ? this : number(key, nanos / 1_000);
    }

    /** The whole of it, with the line's end. */
    String end() {
        return line.append("}\n").toString();
    }

    private StringBuilder key(String key) {
        if (line.length() > 1) {
            line.append(',');
        }
        return line.append('"').append(key).append("\":");
    }

    private void character(char c) {
        switch (c) {
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            case '\n' -> line.append("\\n");
            default -> {
                if (c < 0x20 || Character.isSurrogate(c) || c == 0x7f) {
                    line.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt(c >> 8 & 15));
                    line.append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
                } else {
                    line.append(c);
                }
            }
        }
    }
}
