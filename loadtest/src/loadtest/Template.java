package loadtest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A wire format written down as it looks on the wire, cut once at its {@code $names}. Filling it
 * copies strings and nothing else: a simulated provider that built JSON trees would be slower than
 * what it is to measure.
 */
final class Template {
    private static final Pattern NAME = Pattern.compile("\\$[a-z_]+");

    private final List<String> parts;

    private Template(List<String> parts) {
        this.parts = parts;
    }

    /** Line breaks and indentation of the text do not count. */
    static Template of(String text) {
        String compact = text.lines().map(String::strip).collect(Collectors.joining());
        List<String> parts = new ArrayList<>();
        Matcher names = NAME.matcher(compact);
        int from = 0;
        while (names.find()) {
            parts.add(compact.substring(from, names.start()));
            from = names.end();
        }
        parts.add(compact.substring(from));
        return new Template(List.copyOf(parts));
    }

    /**
     * Puts the values in the place of the names, in their order, as they are.
     *
     * @throws IllegalArgumentException if there are more or fewer values than names
     */
    String fill(Object... values) {
        if (values.length != parts.size() - 1) {
            throw new IllegalArgumentException(values.length + " values for " + parts);
        }
        StringBuilder filled = new StringBuilder(256).append(parts.getFirst());
        for (int i = 0; i < values.length; i++) {
            filled.append(values[i]).append(parts.get(i + 1));
        }
        return filled.toString();
    }

    /** The text as a JSON string, with its quotation marks. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }
}
