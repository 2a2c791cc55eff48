package weir.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a call should cost, worked out from the price book's own lines and by other means than the
 * program's: decimal arithmetic over JSON, none of its classes.
 */
final class PriceFacts {
    private static final Set<String> CALLS =
            Set.of(
                    "web_search",
                    "file_search",
                    "maps_search",
                    "page_visit",
                    "code_run",
                    "other_tool");
    private static final Set<String> PIECES =
            Set.of(
                    "images",
                    "input_images",
                    "pages",
                    "annotated_pages",
                    "search_units",
                    "requests");
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal HOUR_MILLIS = BigDecimal.valueOf(3_600_000);

    private final Map<String, JsonObject> rows = new HashMap<>();

    PriceFacts() {
        try (InputStream in = PriceFacts.class.getResourceAsStream("/weir/prices.json")) {
            JsonObject book = new JsonObject(new String(in.readAllBytes(), UTF_8));
            for (Object row : book.getJsonArray("rows")) {
                String provider = ((JsonObject) row).getString("provider");
                for (Object model : ((JsonObject) row).getJsonArray("models")) {
                    rows.put(provider + "/" + model, (JsonObject) row);
                    rows.putIfAbsent((String) model, (JsonObject) row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Nano-dollars, rounded up.
     *
     * @param model alone for OpenAI's and Anthropic's, {@code provider/model} for others
     * @param used amounts by kind, in the words of the log
     * @param tier a tier of the row, or empty for the standard rates
     * @param region a region of the row, or empty
     */
    long nanoUsd(String model, Map<String, Long> used, String tier, String region) {
        JsonObject row = rows.get(model);
        JsonArray steps = row.getJsonArray("steps");
        BigDecimal factor = BigDecimal.ONE;
        if (!tier.isEmpty()) {
            Object own = row.getJsonObject("tiers").getValue(tier);
            if (own instanceof JsonArray ownSteps) {
                steps = ownSteps;
            } else {
                factor = new BigDecimal((String) own);
            }
        }
        BigDecimal uplift = BigDecimal.ONE;
        if (!region.isEmpty()) {
            uplift = new BigDecimal(row.getJsonObject("regions").getString(region));
        }
        JsonObject usd = step(steps, used);
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<String, Long> kind : used.entrySet()) {
            BigDecimal each = price(usd, kind.getKey());
            each = each.multiply(CALLS.contains(kind.getKey()) ? BigDecimal.ONE : uplift);
            each = each.multiply(CALLS.contains(kind.getKey()) ? BigDecimal.ONE : factor);
            each = each.multiply(HOUR_MILLIS).divide(units(kind.getKey()));
            sum = sum.add(each.multiply(BigDecimal.valueOf(kind.getValue())));
        }
        return sum.movePointRight(9).divide(HOUR_MILLIS, 0, RoundingMode.CEILING).longValueExact();
    }

    /** How many a price is for; all of them divide an hour's milliseconds. */
    private static BigDecimal units(String kind) {
        if (kind.endsWith("_millis")) {
            return HOUR_MILLIS;
        }
        return PIECES.contains(kind) || CALLS.contains(kind) ? BigDecimal.ONE : MILLION;
    }

    private static JsonObject step(JsonArray steps, Map<String, Long> used) {
        long input = 0;
        for (Map.Entry<String, Long> kind : used.entrySet()) {
            boolean isInput = kind.getKey().endsWith("input") || kind.getKey().startsWith("cache");
            input += isInput ? kind.getValue() : 0;
        }
        JsonObject reached = steps.getJsonObject(0);
        for (int i = 1; i < steps.size(); i++) {
            if (steps.getJsonObject(i).getLong("from") <= input) {
                reached = steps.getJsonObject(i);
            }
        }
        return reached.getJsonObject("usd");
    }

    private static BigDecimal price(JsonObject usd, String kind) {
        String own = usd.getString(kind.replace("_millis", "_hours").replace('_', '-'));
        return new BigDecimal(own != null ? own : usd.getString("output", "0"));
    }
}
