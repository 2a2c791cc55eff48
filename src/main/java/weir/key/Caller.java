package weir.key;

import java.util.List;
import java.util.Map;
import weir.limit.Glob;

/**
 * Whose call it is.
 *
 * @param key the virtual key's name; empty for the pod's own identity
 * @param providers which providers may be called; empty for all
 * @param models which models may be called; empty for all
 * @param priority its share where calls wait for a limit, from 1 to {@link #MAX_PRIORITY}: one of 3
 *     goes three times as often as one of 1
 */
public record Caller(
        String key,
        String tenant,
        Map<String, String> labels,
        List<Glob> providers,
        List<Glob> models,
        int priority) {
    public static final int MAX_PRIORITY = 10;

    public Caller {
        if (priority < 1 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("a priority of " + priority);
        }
        labels = Map.copyOf(labels);
        providers = List.copyOf(providers);
        models = List.copyOf(models);
    }

    /** A call without a virtual key. */
    public static Caller ofTenant(String tenant) {
        return new Caller("", tenant, Map.of(), List.of(), List.of(), 1);
    }

    public boolean mayCall(String provider) {
        return matches(providers, provider);
    }

    /**
     * Whether every one of these may be used; an empty list stands for models that nobody can tell.
     */
    public boolean mayUse(List<String> used) {
        return models.isEmpty()
                || (!used.isEmpty() && used.stream().allMatch(m -> matches(models, m)));
    }

    private static boolean matches(List<Glob> globs, String value) {
        return globs.isEmpty() || globs.stream().anyMatch(g -> g.matches(value));
    }
}
