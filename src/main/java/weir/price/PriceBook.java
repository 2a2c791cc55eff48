package weir.price;

import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prices of one day, by provider and model. Immutable; a look-up takes at most two probes of a hash
 * table, however many rows there are.
 *
 * <p>A row's name stands for itself and for its dated and latest versions ({@code -2026-08-01},
 * {@code -20260801}, {@code -latest}); a row that is named exactly goes first. It never stands for
 * other names that begin alike: gpt-6-luna-pro is not gpt-6-luna. A fine-tuned model ({@code
 * ft:base:owner:name:id}) is looked up as {@code ft:base}, which has rows of its own.
 */
public final class PriceBook {
    /** Bounds memory: some 50 times the models that two providers list today. */
    static final int MAX_NAMES = 10_000;

    private static final String LATEST = "-latest";

    private final LocalDate date;
    private final Map<String, Map<String, ModelPrice>> byProvider;

    /**
     * Holds these prices.
     *
     * @param byProvider prices by the provider's name, then by the model's
     * @throws IllegalArgumentException if there are more than {@link #MAX_NAMES} names
     */
    public PriceBook(LocalDate date, Map<String, Map<String, ModelPrice>> byProvider) {
        this.date = date;
        this.byProvider =
                byProvider.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
        if (size() > MAX_NAMES) {
            throw new IllegalArgumentException(
                    size() + " names; a price book has at most " + MAX_NAMES);
        }
    }

    /** The day on which these prices were true. */
    public LocalDate date() {
        return date;
    }

    /** How many names there are, over all providers. */
    int size() {
        return byProvider.values().stream().mapToInt(Map::size).sum();
    }

    /** The names of a provider's rows; empty for a provider that the book does not know. */
    public Set<String> names(String provider) {
        return byProvider.getOrDefault(provider, Map.of()).keySet();
    }

    /** What this model costs at this provider, or null if the book does not know. */
    public @Nullable ModelPrice find(String provider, String model) {
        Map<String, ModelPrice> rows = byProvider.getOrDefault(provider, Map.of());
        String name = withoutOwner(model);
        ModelPrice exact = rows.get(name);
        return exact != null ? exact : rows.get(withoutVersion(name));
    }

    private static String withoutOwner(String model) {
        int end = model.startsWith("ft:") ? model.indexOf(':', "ft:".length()) : -1;
        return end < 0 ? model : model.substring(0, end);
    }

    private static String withoutVersion(String name) {
        if (name.endsWith(LATEST)) {
            return name.substring(0, name.length() - LATEST.length());
        }
        for (String shape : new String[] {"-20dd-dd-dd", "-20dddddd"}) {
            if (endsLike(name, shape)) {
                return name.substring(0, name.length() - shape.length());
            }
        }
        return name;
    }

    /** Where {@code d} in the shape stands for a digit and everything else for itself. */
    private static boolean endsLike(String name, String shape) {
        int start = name.length() - shape.length();
        if (start < 1) {
            return false;
        }
        for (int i = 0; i < shape.length(); i++) {
            char c = name.charAt(start + i);
            boolean digit = c >= '0' && c <= '9';
            if (shape.charAt(i) == 'd' ? !digit : c != shape.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
