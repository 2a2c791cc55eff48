package weir.app.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.price.RateCard;
import weir.price.Rates;
import weir.price.Season;
import weir.price.Step;
import weir.price.Usd;
import weir.usage.Kind;

/**
 * The fields of one price list in a price book, in whatever object they stand:
 *
 * <pre>
 * steps     [{from: input tokens, usd: {kind: USD}}]
 * tiers     {term: a factor such as "0.5", or steps of its own}
 * regions   {term: a factor from "1" to "2"}
 * </pre>
 *
 * <p>Prices are decimal strings and never pass through floating point.
 */
final class RateCardReader {
    static final String FIELDS = "steps, tiers, regions";

    static final long MAX_TOKENS = 1_000_000_000;
    private static final Pattern FACTOR = Pattern.compile("\\d{1,2}(\\.\\d{1,3})?");

    private final StrictJson json;
    private @Nullable List<Step> steps;
    private final Map<String, List<Step>> tiers = new HashMap<>();
    private final Map<String, Integer> uplifts = new HashMap<>();

    RateCardReader(StrictJson json) {
        this.json = json;
    }

    /** Reads the value of this field, or returns false where it is none of a price list's. */
    boolean read(String field) throws IOException {
        switch (field) {
            case "steps" -> steps = steps();
            case "tiers" -> json.object(term -> tiers.put(term, tier()));
            case "regions" -> json.object(term -> uplifts.put(term, thousandths()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What was read, at the end of the object. */
    RateCard card() throws IOException {
        List<Step> standard = json.needed(steps, "steps");
        return json.allowed(() -> new RateCard(Season.ALWAYS, standard, tiers, uplifts));
    }

    /** A factor of the standard steps, which therefore stand before it, or steps of its own. */
    private List<Step> tier() throws IOException {
        if (json.isArray()) {
            return steps();
        }
        List<Step> standard = json.needed(steps, "steps before tiers");
        int factor = thousandths();
        return json.allowed(() -> RateCard.times(standard, factor));
    }

    private List<Step> steps() throws IOException {
        List<Step> made = new ArrayList<>();
        json.array(() -> made.add(step()));
        return made;
    }

    private static final class StepSoFar {
        private @Nullable Long from;
        private final Map<Kind, Long> usd = new EnumMap<>(Kind.class);
    }

    private Step step() throws IOException {
        StepSoFar step = new StepSoFar();
        json.object(field -> {
            switch (field) {
                case "from" -> step.from = json.whole(MAX_TOKENS);
                case "usd" -> json.object(kind -> step.usd.put(kind(kind), nanoUsd()));
                default -> throw json.unknown("from, usd");
            }
        });
        if (step.usd.isEmpty()) {
            throw json.refused("a step with a price");
        }
        long from = json.needed(step.from, "from");
        return new Step(from, json.allowed(() -> Rates.of(step.usd)));
    }

    private Kind kind(String word) {
        Kind kind = PriceWords.kind(word);
        if (kind == null) {
            throw json.unknown(String.join(", ", PriceWords.all()));
        }
        return kind;
    }

    private long nanoUsd() throws IOException {
        String text = json.string();
        return json.allowed(() -> Usd.parseNano(text));
    }

    private int thousandths() throws IOException {
        String text = json.string();
        if (!FACTOR.matcher(text).matches()) {
            throw json.refused("a factor in a string, at most 3 decimals, such as \"0.5\"");
        }
        return new BigDecimal(text).movePointRight(3).intValueExact();
    }
}
