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
    private static final Set<String> CALLS = Set.of("web_search", "file_search");
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final Set<String> OUTPUTS =
            Set.of("output", "reasoning", "audio_output", "image_output");

    private final Map<String, JsonObject> rows = new HashMap<>();

    PriceFacts() {
        try (InputStream in = PriceFacts.class.getResourceAsStream("/weir/prices.json")) {
            JsonObject book = new JsonObject(new String(in.readAllBytes(), UTF_8));
            for (Object row : book.getJsonArray("rows")) {
                for (Object model : ((JsonObject) row).getJsonArray("models")) {
                    rows.put((String) model, (JsonObject) row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Nano-dollars, rounded up.
     *
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
            each = each.multiply(CALLS.contains(kind.getKey()) ? MILLION : factor);
            sum = sum.add(each.multiply(BigDecimal.valueOf(kind.getValue())));
        }
        // Dollars per million are thousands of nano-dollars each.
        return sum.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private static JsonObject step(JsonArray steps, Map<String, Long> used) {
        long input = 0;
        for (Map.Entry<String, Long> kind : used.entrySet()) {
            boolean isInput = !OUTPUTS.contains(kind.getKey()) && !CALLS.contains(kind.getKey());
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
        String own = usd.getString(kind.replace('_', '-'));
        return new BigDecimal(own != null ? own : usd.getString("output", "0"));
    }
}
