package weir.app.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.limit.Dimension;
import weir.limit.Dimension.Source;
import weir.limit.Glob;
import weir.limit.Match;

/** {@code match} and {@code per} of a limit. */
final class MatchFields {
    private static final String LABEL = "label:";
    private static final String HEADER = "header:";
    private static final List<String> WORDS =
            List.of("provider", "model", "tenant", "key", "endpoint");
    private static final String MATCH = "a map of " + String.join(", ", WORDS) + ", label:<name>";

    /** Each dimension is part of every counter's key. */
    private static final int MAX_DIMENSIONS = 8;

    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** Their values would end up in ledger keys, where everybody with a Redis client reads them. */
    private static final Set<String> SECRET_HEADERS =
            Set.of(
                    "authorization",
                    "proxy-authorization",
                    "cookie",
                    "x-api-key",
                    "api-key",
                    "x-goog-api-key");

    private static final Scalar<Dimension> DIMENSION =
            new Scalar<>(
                    "key, tenant, provider, model, label:<name>, header:<name> (none that holds a"
                            + " key)",
                    MatchFields::dimension);

    private MatchFields() {}

    static Match match(@Nullable Value value, Set<String> providers) {
        Map<String, Value> entries = value == null ? null : value.entries(MATCH);
        if (entries == null) {
            return Match.ALL;
        }
        Map<String, List<Glob>> labels = new HashMap<>();
        entries.forEach((key, globs) -> {
            if (key.startsWith(LABEL) && isName(key.substring(LABEL.length()))) {
                labels.put(key.substring(LABEL.length()), globs.oneOrMore(Scalars.GLOB));
            } else if (!WORDS.contains(key)) {
                globs.error("an unknown key", Suggestion.of(key, WORDS) + ", label:<name>");
            }
        });
        return new Match(
                Globs.ofProviders(entries.get("provider"), providers),
                Globs.read(entries.get("model")),
                Globs.read(entries.get("tenant")),
                Globs.read(entries.get("key")),
                Globs.read(entries.get("endpoint")),
                Map.copyOf(labels));
    }

    static List<Dimension> per(@Nullable Value value) {
        if (value == null) {
            return List.of();
        }
        List<Dimension> all = value.oneOrMore(DIMENSION);
        if (Set.copyOf(all).size() < all.size()) {
            value.error("one of them twice", "each once");
        }
        if (all.size() > MAX_DIMENSIONS) {
            value.error(all.size() + " of them", "at most " + MAX_DIMENSIONS);
        }
        return all;
    }

    private static @Nullable Dimension dimension(String text) {
        if (text.startsWith(LABEL)) {
            String name = text.substring(LABEL.length());
            return isName(name) ? new Dimension(Source.LABEL, name) : null;
        }
        if (text.startsWith(HEADER)) {
            String name = text.substring(HEADER.length()).toLowerCase(Locale.ROOT);
            return HEADER_NAME.matcher(name).matches() && !SECRET_HEADERS.contains(name)
                    ? new Dimension(Source.HEADER, name)
                    : null;
        }
        return switch (text) {
            case "key" -> new Dimension(Source.KEY, "");
            case "tenant" -> new Dimension(Source.TENANT, "");
            case "provider" -> new Dimension(Source.PROVIDER, "");
            case "model" -> new Dimension(Source.MODEL, "");
            default -> null;
        };
    }

    private static boolean isName(String text) {
        return Scalars.NAMED.reader().read(text) != null;
    }
}
