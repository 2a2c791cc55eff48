package weir.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.price.ModelPrice;
import weir.price.PriceBook;
import weir.price.Rates;
import weir.price.Step;
import weir.price.Usd;
import weir.usage.Kind;

/**
 * Reads the price book, strictly: what is not understood is an error that names the line (a row
 * stands on one), the field, what was found and what is allowed. A price that is skipped would be a
 * price of nothing.
 *
 * <p>Prices are decimal strings and never pass through floating point. The format is one object:
 *
 * <pre>
 * date, sources, unit, notes   the last three are for people
 * rows: provider, models       a row stands for several names
 *       context, max-output    tokens
 *       steps                  [{from: input tokens, usd: {kind: USD per million}}]
 *       tiers                  {term: a factor such as "0.5", or steps of its own}
 *       regions                {term: a factor from "1" to "2"}
 *       notes                  for people
 * </pre>
 */
public final class PriceBookReader {
    private static final String BUNDLED = "/weir/prices.json";
    private static final long MAX_TOKENS = 1_000_000_000;
    private static final Pattern FACTOR = Pattern.compile("\\d{1,2}(\\.\\d{1,3})?");

    private static final Map<String, Kind> KINDS =
            Stream.of(Kind.values())
                    .collect(Collectors.toUnmodifiableMap(PriceBookReader::word, k -> k));

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final StrictJson json;
    private final Map<String, Map<String, ModelPrice>> byProvider = new HashMap<>();
    private @Nullable LocalDate date;

    private PriceBookReader(StrictJson json) {
        this.json = json;
    }

    /** The price book that this program ships with. */
    public static PriceBook bundled() {
        try (InputStream in = PriceBookReader.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IllegalStateException(BUNDLED + " is missing from the program");
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a price book in this format, UTF-8.
     *
     * @throws IllegalArgumentException if it is not one; the message says where and why
     */
    static PriceBook read(InputStream in) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            return new PriceBookReader(new StrictJson("price book", json)).book();
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    "price book, line " + line + ": " + e.getOriginalMessage(), e);
        }
    }

    private PriceBook book() throws IOException {
        json.object(field -> {
            switch (field) {
                case "date" -> date = date(json.string());
                case "sources" -> json.strings();
                case "unit", "notes" -> json.string();
                case "rows" -> json.array(this::row);
                default -> throw json.unknown("date, sources, unit, notes, rows");
            }
        });
        json.end();
        return new PriceBook(json.needed(date, "date"), byProvider);
    }

    private void row() throws IOException {
        Row row = new Row();
        json.object(field -> {
            switch (field) {
                case "provider" -> row.provider = json.string();
                case "models" -> row.models = json.strings();
                case "context" -> row.contextTokens = json.whole(MAX_TOKENS);
                case "max-output" -> row.maxOutputTokens = json.whole(MAX_TOKENS);
                case "steps" -> row.steps = steps();
                case "tiers" -> json.object(term -> row.tiers.put(term, tier(row)));
                case "regions" -> json.object(term -> row.uplifts.put(term, thousandths()));
                case "notes" -> json.string();
                default ->
                        throw json.unknown(
                                "provider, models, context, max-output, steps, tiers,"
                                        + " regions, notes");
            }
        });
        List<Step> steps = json.needed(row.steps, "steps");
        long context = json.needed(row.contextTokens, "context");
        long output = json.needed(row.maxOutputTokens, "max-output");
        String provider = json.needed(row.provider, "provider");
        ModelPrice price =
                json.allowed(() -> new ModelPrice(steps, row.tiers, row.uplifts, context, output));
        Map<String, ModelPrice> models = byProvider.computeIfAbsent(provider, p -> new HashMap<>());
        List<String> names = json.needed(row.models, "models");
        if (names.isEmpty() || names.contains("")) {
            throw json.refused("a row with a model");
        }
        for (String name : names) {
            if (models.put(name, price) != null) {
                throw json.refused("one row for " + name + " of " + provider);
            }
        }
    }

    /** What a row has said so far. */
    private static final class Row {
        private @Nullable String provider;
        private @Nullable List<String> models;
        private @Nullable Long contextTokens;
        private @Nullable Long maxOutputTokens;
        private @Nullable List<Step> steps;
        private final Map<String, List<Step>> tiers = new HashMap<>();
        private final Map<String, Integer> uplifts = new HashMap<>();
    }

    private static final class StepSoFar {
        private @Nullable Long from;
        private final Map<Kind, Long> usd = new EnumMap<>(Kind.class);
    }

    /** A factor of the standard steps, which therefore stand before it, or steps of its own. */
    private List<Step> tier(Row row) throws IOException {
        if (json.isArray()) {
            return steps();
        }
        List<Step> standard = json.needed(row.steps, "steps before tiers");
        int factor = thousandths();
        return json.allowed(() -> ModelPrice.times(standard, factor));
    }

    private List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        json.array(() -> {
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
            steps.add(new Step(from, json.allowed(() -> Rates.of(step.usd))));
        });
        return steps;
    }

    private Kind kind(String word) throws IOException {
        Kind kind = KINDS.get(word);
        if (kind == null) {
            throw json.unknown(String.join(", ", new TreeMap<>(KINDS).keySet()));
        }
        return kind;
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
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

    private LocalDate date(String text) throws IOException {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw json.refused("a date such as 2026-11-24");
        }
    }
}
