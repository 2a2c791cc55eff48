package weir.limit;

/**
 * What a limit is counted per: one counter for each distinct value.
 *
 * @param name of the label or header; empty for the other sources
 */
public record Dimension(Source source, String name) {
    public enum Source {
        KEY,
        TENANT,
        PROVIDER,
        MODEL,
        LABEL,
        HEADER
    }

    /**
     * The subject's value, or the empty string where it has none: those without a value share a
     * counter.
     */
    public String valueOf(Subject subject) {
        return switch (source) {
            case KEY -> subject.key();
            case TENANT -> subject.tenant();
            case PROVIDER -> subject.provider();
            case MODEL -> subject.model();
            case LABEL -> subject.labels().getOrDefault(name, "");
            case HEADER -> subject.header().apply(name);
        };
    }
}
