package weir.app.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.price.ModelPrice;
import weir.price.Peak;
import weir.price.PriceBook;
import weir.price.RateCard;
import weir.price.Season;

/**
 * Reads a price book, strictly: what is not understood is an error that names the line (a row
 * stands on one), the field, what was found and what is allowed. A price that is skipped would be a
 * price of nothing.
 *
 * <p>The format is one object:
 *
 * <pre>
 * date, sources, unit, notes   the last three are for people
 * rows: provider, models       a row stands for several names; * in one for any characters
 *       context, max-output    tokens
 *       steps, tiers, regions  the price list, see {@link RateCardReader}
 *       later                  [{from: date, and the price list from that day on}]
 *       peak                   {days: [mon], hours: ["01:00-04:00"], and their price list}, in UTC
 *       notes                  for people
 * </pre>
 */
public final class PriceBookReader {
    private static final String BUNDLED = "/weir/prices.json";
    private static final String ROW =
            "provider, models, context, max-output, " + RateCardReader.FIELDS + ", later, peak";

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final StrictJson json;
    private final Map<String, Map<String, ModelPrice>> byProvider = new HashMap<>();
    private @Nullable LocalDate date;

    private PriceBookReader(StrictJson json) {
        this.json = json;
    }

    /** Read once: it is the same for every weir.yaml. */
    private static final class Bundled {
        private static final PriceBook BOOK = readBundled();
    }

    /** The price book that this program ships with. */
    public static PriceBook bundled() {
        return Bundled.BOOK;
    }

    static PriceBook readBundled() {
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
     * @throws StrictJson.Refused if it is not one
     */
    static PriceBook read(InputStream in) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            return new PriceBookReader(new StrictJson("price book", json)).book();
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String found = "what is not JSON (" + e.getOriginalMessage() + ")";
            throw new StrictJson.Refused("price book", line, "", found, "JSON");
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
        LocalDate day = json.needed(date, "date");
        return json.allowed(() -> new PriceBook(day, byProvider));
    }

    /** What a row has said so far. */
    private static final class Row {
        private @Nullable String provider;
        private @Nullable List<String> models;
        private @Nullable Long contextTokens;
        private @Nullable Long maxOutputTokens;
        private final List<Later> later = new ArrayList<>();
        private @Nullable RateCard peak;
    }

    private record Later(LocalDate from, RateCard card) {}

    private void row() throws IOException {
        Row row = new Row();
        RateCardReader card = new RateCardReader(json);
        json.object(field -> {
            switch (field) {
                case "provider" -> row.provider = json.string();
                case "models" -> row.models = json.strings();
                case "context" -> row.contextTokens = json.whole(RateCardReader.MAX_TOKENS);
                case "max-output" -> row.maxOutputTokens = json.whole(RateCardReader.MAX_TOKENS);
                case "later" -> json.array(() -> row.later.add(later()));
                case "peak" -> row.peak = peak();
                case "notes" -> json.string();
                default -> {
                    if (!card.read(field)) {
                        throw json.unknown(ROW + ", notes");
                    }
                }
            }
        });
        add(row, cards(card.card(), row));
    }

    private void add(Row row, List<RateCard> cards) throws IOException {
        long context = json.needed(row.contextTokens, "context");
        long output = json.needed(row.maxOutputTokens, "max-output");
        String provider = json.needed(row.provider, "provider");
        ModelPrice price = json.allowed(() -> new ModelPrice(cards, context, output));
        Map<String, ModelPrice> models =
                byProvider.computeIfAbsent(provider, p -> new LinkedHashMap<>());
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

    /** Each card until the next one begins; peak hours beside them all. */
    private List<RateCard> cards(RateCard first, Row row) {
        List<RateCard> cards = new ArrayList<>();
        Season season = Season.ALWAYS;
        RateCard card = first;
        for (Later later : row.later) {
            Season current = season;
            Season ended = json.allowed(() -> current.until(later.from()));
            cards.add(card.in(ended));
            season = Season.from(later.from());
            card = later.card();
        }
        cards.add(card.in(season));
        if (row.peak != null) {
            cards.add(row.peak);
        }
        return cards;
    }

    private Later later() throws IOException {
        List<LocalDate> from = new ArrayList<>(1);
        RateCardReader card = new RateCardReader(json);
        json.object(field -> {
            if (field.equals("from")) {
                from.add(date(json.string()));
            } else if (!card.read(field)) {
                throw json.unknown("from, " + RateCardReader.FIELDS);
            }
        });
        return new Later(json.needed(from.isEmpty() ? null : from.getFirst(), "from"), card.card());
    }

    private RateCard peak() throws IOException {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        List<Peak.Hours> hours = new ArrayList<>();
        RateCardReader card = new RateCardReader(json);
        json.object(field -> {
            switch (field) {
                case "days" -> json.array(() -> days.add(day(json.string())));
                case "hours" -> json.array(() -> hours.add(hours(json.string())));
                default -> {
                    if (!card.read(field)) {
                        throw json.unknown("days, hours, " + RateCardReader.FIELDS);
                    }
                }
            }
        });
        Peak peak = json.allowed(() -> new Peak(days, hours));
        return card.card().in(Season.peak(peak));
    }

    private DayOfWeek day(String text) throws IOException {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().toLowerCase(Locale.ROOT).startsWith(text) && text.length() == 3) {
                return day;
            }
        }
        throw json.refused("mon, tue, wed, thu, fri, sat or sun");
    }

    private Peak.Hours hours(String text) throws IOException {
        String[] ends = text.split("-", 2);
        try {
            if (ends.length == 2) {
                return new Peak.Hours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw json.refused("hours of one day in UTC such as 01:00-04:00");
        }
        throw json.refused("hours of one day in UTC such as 01:00-04:00");
    }

    private LocalDate date(String text) throws IOException {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw json.refused("a date such as 2026-11-24");
        }
    }
}
