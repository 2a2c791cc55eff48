package weir.price;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import weir.usage.Kind;
import weir.usage.Kind.Side;
import weir.usage.Usage;

/**
 * One price list of a model, and when it is in force.
 *
 * <p>Tiers hold prices of their own, not factors. Most are a factor of the standard rates, but not
 * all: gpt-4o's batch price halves input and output and leaves cached input as it is.
 *
 * @param season when it is in force
 * @param steps the standard rates by context length, ascending; the first begins at 0 tokens
 * @param tiers steps by term of service: processing and speed ({@code batch}, {@code flex}, {@code
 *     priority}), the size of what is made ({@code 1080p}, {@code hd/1024x1792})
 * @param uplifts multipliers by region, in thousandths, 1000 to 2000: 1100 adds a tenth
 */
public record RateCard(
        Season season,
        List<Step> steps,
        Map<String, List<Step>> tiers,
        Map<String, Integer> uplifts) {
    /**
     * @throws IllegalArgumentException if an uplift is out of range or steps do not ascend from 0
     */
    public RateCard {
        steps = Step.checked(steps);
        tiers =
                tiers.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, e -> Step.checked(e.getValue())));
        uplifts = Map.copyOf(uplifts);
        uplifts.forEach((region, factor) -> {
            if (factor < Terms.ONE || factor > Total.MAX_UPLIFT_THOUSANDTHS) {
                throw new IllegalArgumentException(
                        "uplift "
                                + region
                                + " is "
                                + factor
                                + " thousandths; allowed is "
                                + Terms.ONE
                                + " to "
                                + Total.MAX_UPLIFT_THOUSANDTHS);
            }
        });
    }

    /** The same prices at another time. */
    public RateCard in(Season other) {
        return new RateCard(other, steps, tiers, uplifts);
    }

    /**
     * Standard rates multiplied by a factor, for tiers that are one.
     *
     * @param thousandths 500 halves; 1 to 10,000
     * @throws IllegalArgumentException if the factor, or a price that it makes, is out of range
     */
    public static List<Step> times(List<Step> steps, int thousandths) {
        return steps.stream()
                .map(s -> new Step(s.fromInputTokens(), s.rates().times(thousandths)))
                .toList();
    }

    /** Nano-dollars, rounded up once. */
    long cost(Usage usage, List<String> words) {
        Terms terms = Terms.read(words, this);
        long dearest = 0;
        for (List<Step> tier : terms.tiers()) {
            dearest = Math.max(dearest, cost(usage, Step.ratesFor(tier, usage), terms));
        }
        return dearest;
    }

    private static long cost(Usage usage, Rates rates, Terms terms) {
        Total total = new Total();
        for (Kind kind : Rates.MODEL) {
            total.add(usage.amount(kind), rates, kind);
        }
        total.uplift(terms.upliftThousandths());
        for (Kind kind : Rates.CALLS) {
            total.add(usage.amount(kind), rates, kind);
        }
        return total.roundedUpNanoUsd();
    }

    /**
     * Whether all that such a request can be billed by has a price. A model that is billed by the
     * piece, length or time alone has none for a request that is billed by tokens.
     */
    boolean covers(Ask ask) {
        Rates rates = steps.getFirst().rates();
        return rates.covers(ask.media())
                && (rates.coversTokens() || !ask.media().equals(Usage.NONE));
    }

    boolean coversOneOf(Ask ask) {
        Rates rates = steps.getFirst().rates();
        return rates.coversTokens() || rates.knows(ask.media());
    }

    /** Nano-dollars of the dearest usage of so many tokens and what else the ask allows for. */
    long worst(Ask ask, Usage tokens) {
        Terms terms = Terms.read(ask.terms(), this);
        long dearest = worst(steps, ask, tokens, terms);
        for (List<Step> tier : terms.tiers()) {
            dearest = Math.max(dearest, worst(tier, ask, tokens, terms));
        }
        return dearest;
    }

    private static long worst(List<Step> tier, Ask ask, Usage tokens, Terms terms) {
        long dearest = 0;
        for (Step step : tier) {
            if (step.fromInputTokens() <= tokens.inputTokens()) {
                Rates rates = step.rates();
                Total total = new Total();
                total.add(tokens.inputTokens(), rates, rates.dearest(Side.INPUT));
                total.add(tokens.outputTokens(), rates, rates.dearest(Side.OUTPUT));
                for (Kind kind : Rates.MODEL) {
                    total.add(ask.media().amount(kind), rates, kind);
                }
                total.uplift(terms.upliftThousandths());
                total.add(ask.toolCalls(), rates, rates.dearest(Side.CALLS));
                dearest = Math.max(dearest, total.roundedUpNanoUsd());
            }
        }
        return dearest;
    }
}
