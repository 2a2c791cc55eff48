package weir.price;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.limit.Glob;

/**
 * Prices by provider and model. Immutable. A look-up takes a few probes of a hash table and a scan
 * of the provider's patterns, of which there are few, however many rows there are.
 *
 * <p>A row's name stands for itself; what a request says is tried in the {@linkplain ModelNames
 * forms} that vendors have for one model, from the most exact on. It never stands for other names
 * that begin alike: gpt-6-luna-pro is not gpt-6-luna. A name with a {@code *} is a pattern;
 * patterns come last, in their order.
 *
 * <p>A book may lie over another one: what it does not know is looked up below.
 */
public final class PriceBook {
    /** Bounds memory: some five times the names of all vendors today. */
    static final int MAX_NAMES = 10_000;

    public static final PriceBook EMPTY = new PriceBook(LocalDate.EPOCH, Map.of());

    private final LocalDate date;
    private final Map<String, Rows> byProvider;
    private final @Nullable PriceBook below;

    /** Of one provider. */
    private record Rows(Map<String, ModelPrice> exact, List<Pattern> patterns) {
        int size() {
            return exact.size() + patterns.size();
        }
    }

    private record Pattern(Glob glob, ModelPrice price) {}

    /**
     * Holds these prices.
     *
     * @param byProvider prices by the provider's name, then by the model's; patterns are tried in
     *     the order of the inner maps
     * @throws IllegalArgumentException if there are more than {@link #MAX_NAMES} names
     */
    public PriceBook(LocalDate date, Map<String, Map<String, ModelPrice>> byProvider) {
        this(date, rows(byProvider), null);
        int size = this.byProvider.values().stream().mapToInt(Rows::size).sum();
        if (size > MAX_NAMES) {
            throw new IllegalArgumentException(
                    size + " names; a price book has at most " + MAX_NAMES);
        }
    }

    private PriceBook(LocalDate date, Map<String, Rows> byProvider, @Nullable PriceBook below) {
        this.date = date;
        this.byProvider = byProvider;
        this.below = below;
    }

    private static Map<String, Rows> rows(Map<String, Map<String, ModelPrice>> byProvider) {
        Map<String, Rows> made = new HashMap<>();
        byProvider.forEach((provider, prices) -> {
            Map<String, ModelPrice> exact = new HashMap<>();
            List<Pattern> patterns = new ArrayList<>();
            prices.forEach((name, price) -> {
                Glob glob = new Glob(name);
                if (glob.isLiteral()) {
                    exact.put(name, price);
                } else {
                    patterns.add(new Pattern(glob, price));
                }
            });
            made.put(provider, new Rows(Map.copyOf(exact), List.copyOf(patterns)));
        });
        return Map.copyOf(made);
    }

    /** This book on top of another one that lies over nothing. */
    public PriceBook over(PriceBook other) {
        PriceBook under = below == null ? other : below.over(other);
        return new PriceBook(date, byProvider, under);
    }

    /** The day on which these prices were true. */
    public LocalDate date() {
        return date;
    }

    /** The names of a provider's rows; empty for a provider that the book does not know. */
    public Set<String> names(String provider) {
        Rows rows = byProvider.get(provider);
        return rows == null ? Set.of() : rows.exact().keySet();
    }

    /**
     * What this model costs, or null if the book does not know.
     *
     * @param provider its name in weir.yaml, whose rows go first
     * @param vendor whose API it speaks
     */
    public @Nullable ModelPrice find(String provider, String vendor, String model) {
        List<String> forms = ModelNames.forms(model);
        for (PriceBook book = this; book != null; book = book.below) {
            ModelPrice found = find(book.byProvider.get(provider), forms);
            if (found == null && !vendor.equals(provider)) {
                found = find(book.byProvider.get(vendor), forms);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable ModelPrice find(@Nullable Rows rows, List<String> forms) {
        if (rows == null) {
            return null;
        }
        for (String form : forms) {
            ModelPrice exact = rows.exact().get(form);
            if (exact != null) {
                return exact;
            }
        }
        for (Pattern pattern : rows.patterns()) {
            if (forms.stream().anyMatch(pattern.glob()::matches)) {
                return pattern.price();
            }
        }
        return null;
    }
}
