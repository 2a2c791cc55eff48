package weir.price;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import weir.usage.Kind;
import weir.usage.Usage;

/** Seeded prices and usages. Every failure says how to throw the same again. */
final class Dice {
    static final List<String> WORDS =
            List.of(
                    "",
                    "default",
                    "auto",
                    "batch",
                    "flex",
                    "priority",
                    "fast",
                    "us",
                    "eu",
                    "jp",
                    "turbo");

    /** Leaves room for a tier's factor. */
    private static final long MAX_PRICE = Rates.MAX_NANO_USD * 1000 / Rates.MAX_FACTOR_THOUSANDTHS;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    final Random random = new Random(seed);
    private ModelPrice latest = price();

    String replay(Object what) {
        return "-Dseed=" + seed + " throws again: " + what;
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /** 0 to max, small and large magnitudes alike often, and the ends themselves. */
    long upTo(long max) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> max;
            default -> random.nextLong(1 + (max >> random.nextInt(Long.SIZE - 1)));
        };
    }

    List<String> words() {
        List<String> words = new ArrayList<>();
        while (random.nextInt(5) < 2) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return words;
    }

    /** A new price for every twentieth case: prices are slow to make. */
    ModelPrice priceOfCase(int i) {
        latest = i % 20 == 0 ? price() : latest;
        return latest;
    }

    /** Steps that ascend in price, as every vendor's do. */
    ModelPrice price() {
        List<Step> steps = steps();
        Map<String, List<Step>> tiers = new HashMap<>();
        for (String tier : List.of("batch", "priority", "fast")) {
            if (coin()) {
                int factor = random.nextInt(1, Rates.MAX_FACTOR_THOUSANDTHS + 1);
                tiers.put(tier, coin() ? steps() : RateCard.times(steps, factor));
            }
        }
        Map<String, Integer> uplifts = new HashMap<>();
        for (String region : List.of("us", "eu")) {
            if (coin()) {
                uplifts.put(region, random.nextInt(1000, 2001));
            }
        }
        return new ModelPrice(
                steps, tiers, uplifts, 1 + upTo(1_000_000_000 - 1), upTo(1_000_000_000));
    }

    private List<Step> steps() {
        Map<Kind, Long> prices = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            if (coin()) {
                prices.put(kind, upTo(MAX_PRICE));
            }
        }
        List<Step> steps = new ArrayList<>(List.of(new Step(0, Rates.of(prices))));
        while (steps.size() < 3 && coin()) {
            prices.replaceAll((kind, price) -> price + upTo(MAX_PRICE - price));
            long from = steps.getLast().fromInputTokens() + 1 + upTo(300_000);
            steps.add(new Step(from, Rates.of(prices)));
        }
        return steps;
    }

    Usage usage() {
        Usage.Tally tally = new Usage.Tally();
        for (Kind kind : Kind.values()) {
            if (coin()) {
                tally.set(kind, upTo(Usage.MAX_AMOUNT));
            }
        }
        return tally.toUsage();
    }

    /** At most this many of a side's units, spread over its kinds. */
    void spread(Usage.Tally tally, Kind.Side side, long most) {
        long left = coin() ? most : upTo(most);
        for (Kind kind : Kind.values()) {
            if (kind.side() == side) {
                long some = random.nextInt(4) == 0 ? left : upTo(left);
                tally.set(kind, some);
                left -= some;
            }
        }
    }
}
