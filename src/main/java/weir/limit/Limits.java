package weir.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The limits of weir.yaml. Those that name keys, tenants or a label's values without {@code *} are
 * found by what they name, so that ten thousand of them cost a request no more than one; only the
 * others are tried one by one.
 */
public final class Limits {
    private static final Comparator<Placed> IN_ORDER = Comparator.comparingInt(Placed::place);

    private final List<Limit> all;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final List<Placed> others = new ArrayList<>();

    /**
     * Holds these limits.
     *
     * @param all in the file's order, which is the order of every answer
     */
    public Limits(List<Limit> all) {
        this.all = List.copyOf(all);
        for (int place = 0; place < all.size(); place++) {
            put(new Placed(place, all.get(place)));
        }
    }

    /** A limit and where it stands in the file. */
    private record Placed(int place, Limit limit) {}

    /** What can be known of a request by one look, and the limits that name it. */
    private record Column(Function<Subject, String> value, Map<String, List<Placed>> named) {
        Column(Function<Subject, String> value) {
            this(value, new HashMap<>());
        }

        void put(List<Glob> literals, Placed placed) {
            for (Glob literal : Set.copyOf(literals)) {
                named.computeIfAbsent(literal.pattern(), p -> new ArrayList<>(1)).add(placed);
            }
        }
    }

    private void put(Placed placed) {
        Match match = placed.limit().match();
        if (isLiteral(match.key())) {
            column("key", Subject::key).put(match.key(), placed);
            return;
        }
        if (isLiteral(match.tenant())) {
            column("tenant", Subject::tenant).put(match.tenant(), placed);
            return;
        }
        for (Map.Entry<String, List<Glob>> label : match.labels().entrySet()) {
            if (isLiteral(label.getValue())) {
                String name = label.getKey();
                column("label " + name, s -> s.labels().getOrDefault(name, ""))
                        .put(label.getValue(), placed);
                return;
            }
        }
        others.add(placed);
    }

    private Column column(String name, Function<Subject, String> value) {
        return columns.computeIfAbsent(name, n -> new Column(value));
    }

    /** Not so where nothing is named, which matches everything. */
    private static boolean isLiteral(List<Glob> patterns) {
        return !patterns.isEmpty() && patterns.stream().allMatch(Glob::isLiteral);
    }

    /** All of them, in the file's order. */
    public List<Limit> all() {
        return all;
    }

    /** Those that apply to a request, in the file's order. */
    public List<Limit> matching(Subject subject) {
        List<Placed> found = new ArrayList<>();
        for (Column column : columns.values()) {
            add(
                    column.named().getOrDefault(column.value().apply(subject), List.of()),
                    subject,
                    found);
        }
        add(others, subject, found);
        found.sort(IN_ORDER);
        List<Limit> limits = new ArrayList<>(found.size());
        for (Placed placed : found) {
            limits.add(placed.limit());
        }
        return limits;
    }

    private static void add(List<Placed> candidates, Subject subject, List<Placed> found) {
        for (Placed candidate : candidates) {
            if (candidate.limit().match().matches(subject)) {
                found.add(candidate);
            }
        }
    }
}
