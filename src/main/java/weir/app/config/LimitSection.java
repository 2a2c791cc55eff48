package weir.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.limit.Dimension;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;

/** {@code limits:} the rules; the files beside this one read what a rule is made of. */
final class LimitSection {
    /** Every request looks at each of them. */
    static final int MAX_LIMITS = 10_000;

    private static final List<String> KEYS =
            Stream.of(List.of("name", "match", "per"), MeterFields.KEYS, PolicyFields.KEYS)
                    .flatMap(List::stream)
                    .toList();

    private final Map<String, Integer> lineByName = new HashMap<>();

    private final Set<String> providers;

    /**
     * @param providers the names of those in the file
     */
    LimitSection(Set<String> providers) {
        this.providers = providers;
    }

    List<Limit> read(Value section) {
        List<Value> items = section.items("a list of limits");
        if (items == null) {
            return List.of();
        }
        if (items.size() > MAX_LIMITS) {
            section.error(items.size() + " limits", "at most " + MAX_LIMITS);
            return List.of();
        }
        List<Limit> limits = new ArrayList<>();
        for (Value item : items) {
            Limit limit = limit(item);
            if (limit != null) {
                limits.add(limit);
            }
        }
        return limits;
    }

    private @Nullable Limit limit(Value item) {
        Fields fields = item.fields(KEYS);
        if (fields == null) {
            return null;
        }
        String name = fields.require("name", Scalars.NAMED);
        Match match = MatchFields.match(fields.find("match"), providers);
        List<Dimension> per = MatchFields.per(fields.find("per"));
        List<Meter> meters = MeterFields.read(fields);
        Policy policy = PolicyFields.read(fields);
        if (name == null) {
            return null;
        }
        Integer earlier = lineByName.putIfAbsent(name, item.line());
        if (earlier != null) {
            item.error("the limit name of line " + earlier, "each limit name once");
        }
        return new Limit(name, match, per, meters, policy);
    }
}
