package weir.price;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import weir.usage.Kind;
import weir.usage.Kind.Side;
import weir.usage.Usage;

/**
 * What one model costs, and what bounds a request to it.
 *
 * <h2>A cost</h2>
 *
 * <p>The terms of service choose a tier, the input tokens choose one of its {@linkplain Step
 * steps}, and the whole request is priced by that step: a sum over {@linkplain Kind kinds}, which
 * are disjoint. A region's uplift multiplies all but the calls of tools. All of it is integers,
 * {@linkplain Total exact} until the one rounding at the end, which is up and by less than one
 * nano-dollar.
 *
 * <p>Tiers hold prices of their own, not factors. Most are a factor of the standard rates, but not
 * all: gpt-4o's batch price halves input and output and leaves cached input as it is.
 *
 * <h2>A quote</h2>
 *
 * <p>The bound that a hard budget rests on: {@code cost(usage, terms) <= quote(ask).nanoUsd()} for
 * all usage within the ask's tokens and calls. All input is taken at the dearest kind on the input
 * side, all output at the dearest on its side, by the dearest step that the input can reach. Where
 * the vendor's own tools may run, what they find becomes input, and so the context window is the
 * bound.
 *
 * <p>What the provider may choose by itself, and what a quote does about it:
 *
 * <ul>
 *   <li>A discount ({@code flex}, {@code batch}) may be asked for and not given, a surcharge asked
 *       for and withdrawn ({@code priority} served as {@code default}): a quote never goes below
 *       the standard rates.
 *   <li>OpenAI serves a request that says {@code auto}, or nothing, by its project's setting, which
 *       may be {@code priority}. That cannot be seen from here: such a quote is at the standard
 *       rates. Who runs a project that way adds {@code priority} to the terms of the ask.
 *   <li>A vendor whose tools run in rounds may bill the growing input once a round, beyond one
 *       context window. No vendor states a bound on rounds; what goes beyond the quote is charged
 *       all the same, as a debt.
 * </ul>
 *
 * @param steps the standard rates by context length, ascending; the first begins at 0 tokens
 * @param tiers steps by term of service: processing and speed ({@code batch}, {@code flex}, {@code
 *     priority})
 * @param uplifts multipliers of token prices by region, in thousandths, 1000 to 2000: 1100 adds a
 *     tenth
 * @param contextTokens the most input tokens that the model can take in one request, 1 to 10^9;
 *     where a request may carry several inputs (embeddings), all of them together
 * @param maxOutputTokens the most output tokens that the model can produce for one choice, 0 to
 *     10^9
 */
public record ModelPrice(
        List<Step> steps,
        Map<String, List<Step>> tiers,
        Map<String, Integer> uplifts,
        long contextTokens,
        long maxOutputTokens) {
    private static final long MAX_TOKENS = 1_000_000_000;

    /**
     * @throws IllegalArgumentException if a bound is out of range or steps do not ascend from 0
     */
    public ModelPrice {
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
        if (contextTokens < 1 || contextTokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "a context window has 1 to " + MAX_TOKENS + " tokens, not " + contextTokens);
        }
        if (maxOutputTokens < 0 || maxOutputTokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "an answer has 0 to " + MAX_TOKENS + " tokens, not " + maxOutputTokens);
        }
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

    /**
     * What this usage costs.
     *
     * @param terms what the request was served under, any words, see {@link Terms}
     * @return nano-dollars, rounded up once; 0 to {@link Usd#MAX_NANO_USD}
     */
    public long costNanoUsd(Usage usage, List<String> terms) {
        Terms read = Terms.read(terms, this);
        long dearest = 0;
        for (List<Step> tier : read.tiers()) {
            dearest = Math.max(dearest, cost(usage, Step.ratesFor(tier, usage), read));
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
     * Whether such a request has a price here. A request may tell of several units that it could be
     * billed by (a prediction of its tokens, its images and its time); the model's price says which
     * of them it is. A model that is billed by the piece, length or time alone has no price for a
     * request that is billed by tokens.
     */
    public boolean covers(Ask ask) {
        Rates rates = steps.getFirst().rates();
        return rates.nanoUsd(Kind.INPUT) > 0 || rates.knows(ask.media());
    }

    /** The worst case of a request; see above for what it covers. */
    public Quote quote(Ask ask) {
        long seen = ask.toolCalls() > 0 ? Ask.UNSEEN : ask.inputTokens();
        long input = Math.min(seen, contextTokens);
        long perChoice = Math.min(ask.outputCap().orElse(maxOutputTokens), maxOutputTokens);
        long output = Math.min(perChoice * ask.choices(), Usage.MAX_AMOUNT);
        Usage tokens = Usage.ofTokens(input, output);
        Terms terms = Terms.read(ask.terms(), this);
        long dearest = worst(steps, ask, tokens, terms);
        for (List<Step> tier : terms.tiers()) {
            dearest = Math.max(dearest, worst(tier, ask, tokens, terms));
        }
        return new Quote(input, output, dearest);
    }

    /**
     * The inverse of a quote: the largest output cap per choice that this much money covers, from 0
     * to what the ask allows itself; -1 where the money does not even cover the input.
     *
     * <p>Found by halving, since a quote never falls as the cap rises: exact whatever the rounding,
     * in at most 30 quotes.
     *
     * @param nanoUsd nano-dollars, at least 0
     */
    public long largestCap(Ask ask, long nanoUsd) {
        long covered = -1;
        long tooMuch = Math.min(ask.outputCap().orElse(maxOutputTokens), maxOutputTokens) + 1;
        while (tooMuch - covered > 1) {
            long middle = (covered + tooMuch) / 2;
            if (quote(ask.withOutputCap(middle)).nanoUsd() <= nanoUsd) {
                covered = middle;
            } else {
                tooMuch = middle;
            }
        }
        return covered;
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
