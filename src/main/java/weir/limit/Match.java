package weir.limit;

import java.util.List;
import java.util.Map;

/**
 * Which requests a limit applies to. A field that names no pattern matches everything; one that
 * names several matches if any of them does; all fields have to match.
 *
 * @param labels patterns by label name
 */
public record Match(
        List<Glob> provider,
        List<Glob> model,
        List<Glob> tenant,
        List<Glob> key,
        List<Glob> endpoint,
        Map<String, List<Glob>> labels) {
    public static final Match ALL =
            new Match(List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());

    public boolean matches(Subject subject) {
        return any(provider, subject.provider())
                && anyModel(subject.models())
                && any(tenant, subject.tenant())
                && any(key, subject.key())
                && any(endpoint, subject.endpoint())
                && allLabels(subject.labels());
    }

    private boolean anyModel(List<String> models) {
        if (model.isEmpty() || models.isEmpty()) {
            return true;
        }
        for (String used : models) {
            if (any(model, used)) {
                return true;
            }
        }
        return false;
    }

    private boolean allLabels(Map<String, String> values) {
        if (labels.isEmpty()) {
            return true;
        }
        for (Map.Entry<String, List<Glob>> label : labels.entrySet()) {
            if (!any(label.getValue(), values.getOrDefault(label.getKey(), ""))) {
                return false;
            }
        }
        return true;
    }

    private static boolean any(List<Glob> patterns, String value) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (Glob pattern : patterns) {
            if (pattern.matches(value)) {
                return true;
            }
        }
        return false;
    }
}
