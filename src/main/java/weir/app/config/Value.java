package weir.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of the file: a node, and the path that leads to it. Every way of reading it either
 * returns what was asked for, or records an error and returns null (or nothing).
 *
 * <p>What YAML guesses about a scalar (number, boolean, date) is not used: each field says itself
 * what its text has to be, so {@code name: no} is a name and {@code 1_000} a number everywhere.
 */
final class Value {
    /** Longer than any path or URL that works elsewhere. */
    private static final int MAX_TEXT = 4096;

    private static final int MAX_SHOWN = 60;
    private static final Pattern USER = Pattern.compile("//[^/]*@");
    private static final Pattern QUERY = Pattern.compile("\\?.+");

    private final Source source;
    private final Node node;
    private final String field;

    Value(Source source, Node node, String field) {
        this.source = source;
        this.node = node;
        this.field = field;
    }

    Source source() {
        return source;
    }

    String field() {
        return field;
    }

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    void error(String found, String allowed) {
        source.problems().error(line(), field, found, allowed);
    }

    void warn(String text) {
        source.problems().warn(line(), field, text);
    }

    /** Whether nothing stands after the colon. */
    boolean isEmpty() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    /** The scalar as it stands in the file, variables and all; null for anything else. */
    @Nullable String raw() {
        if (node instanceof ScalarNode scalar && !isEmpty() && hasPlainTag()) {
            return Interpolation.unshield(scalar.getValue());
        }
        return null;
    }

    /** What the file says here, in quotes, fit for an error message about a value. */
    String shown() {
        String raw = raw();
        return raw == null ? kind() : quoted(raw);
    }

    /** What kind of thing stands here, without a word of what it says. */
    String kind() {
        if (!hasPlainTag()) {
            return "a value with a YAML tag";
        }
        return switch (node) {
            case MappingNode map -> "a map";
            case SequenceNode list -> "a list";
            default -> isEmpty() ? "nothing" : "a text";
        };
    }

    <T> @Nullable T parse(Scalar<T> scalar) {
        String raw = raw();
        if (raw == null || raw.length() > MAX_TEXT) {
            error(
                    raw == null ? kind() : "a text of " + raw.length() + " characters",
                    scalar.allowed());
            return null;
        }
        return switch (Interpolation.expand(raw, source.environment())) {
            case Interpolation.Result.Wrong wrong -> {
                error(wrong.found(), wrong.allowed());
                yield null;
            }
            case Interpolation.Result.Text(String text) -> parse(scalar, text);
        };
    }

    private <T> @Nullable T parse(Scalar<T> scalar, String text) {
        T value = text.length() > MAX_TEXT ? null : scalar.reader().read(text);
        if (value == null) {
            error(shown(), scalar.allowed());
        }
        return value;
    }

    /** A map with these keys and no others. */
    @Nullable Fields fields(List<String> allowed) {
        Map<String, Value> entries = entries("a map of " + String.join(", ", allowed));
        if (entries == null) {
            return null;
        }
        entries.forEach((key, value) -> {
            if (!allowed.contains(key)) {
                value.error("an unknown key", Suggestion.of(key, allowed));
            }
        });
        return new Fields(this, entries);
    }

    /** A map with keys of the author's choice, in the file's order. */
    @Nullable Map<String, Value> entries(String allowed) {
        if (!(node instanceof MappingNode map) || !hasPlainTag()) {
            error(kind(), allowed);
            return null;
        }
        Map<String, Value> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode scalar) {
                String key = Interpolation.unshield(scalar.getValue());
                Value value = new Value(source, tuple.getValueNode(), child(key));
                Value earlier = entries.putIfAbsent(key, value);
                if (earlier != null) {
                    value.error("a second one", "one; the first is on line " + earlier.line());
                }
            } else {
                error("a list or map as a key", "text as a key");
            }
        }
        return entries;
    }

    @Nullable List<Value> items(String allowed) {
        if (!(node instanceof SequenceNode list) || !hasPlainTag()) {
            error(kind(), allowed);
            return null;
        }
        List<Value> items = new ArrayList<>(list.getValue().size());
        for (Node item : list.getValue()) {
            items.add(new Value(source, item, field + "[" + items.size() + "]"));
        }
        return items;
    }

    /** A list's items, or the value itself where it is no list. */
    List<Value> each(String allowed) {
        List<Value> items = node instanceof SequenceNode ? items(allowed) : List.of(this);
        if (items != null && items.isEmpty()) {
            error("an empty list", allowed);
        }
        return items == null ? List.of() : items;
    }

    /** A list of these, or one of them without the brackets; what is wrong is left out. */
    <T> List<T> oneOrMore(Scalar<T> scalar) {
        List<T> values = new ArrayList<>();
        for (Value item : each(scalar.allowed())) {
            T value = item.parse(scalar);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** In quotes, on one line, shortened, without what a URL hides before its @ or after its ?. */
    static String quoted(String value) {
        String text = QUERY.matcher(USER.matcher(value).replaceAll("//***@")).replaceAll("?***");
        String line =
                text.codePoints()
                        .limit(MAX_SHOWN)
                        .map(c -> Character.isISOControl(c) ? ' ' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        return '"' + line + (line.length() < text.length() ? "…\"" : "\"");
    }

    private String child(String key) {
        String shown = Suggestion.mayBeShown(key) ? key : "?";
        return field.isEmpty() ? shown : field + "." + shown;
    }

    private boolean hasPlainTag() {
        return Tag.standardTags.contains(node.getTag());
    }
}
