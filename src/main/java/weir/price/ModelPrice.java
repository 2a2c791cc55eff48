package weir.price;

import java.util.List;
import java.util.Map;
import weir.usage.Usage;

/**
 * What one model costs, and what bounds a request to it.
 *
 * <h2>A cost</h2>
 *
 * <p>The terms of service choose a tier, the input tokens choose one of its {@linkplain Step
 * steps}, and the whole request is priced by that step: a sum over {@linkplain weir.usage.Kind
 * kinds}, which are disjoint. A region's uplift multiplies all but the calls of tools. Where
 * several cards are in force, the dearest counts. All of it is integers, exact until the one
 * rounding at the end, which is up and by less than one nano-dollar.
 *
 * <p>Most models have one card for all time. An introductory price ends on a day, after which
 * another card holds; peak hours have a card beside the one that always holds. Which moment
 * decides, the arrival of a request or its completion, no vendor says, so both count, and what is
 * between ({@link #during}).
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
 * @param cards at least one
 * @param contextTokens the most input tokens that the model can take in one request, 1 to 10^9;
 *     where a request may carry several inputs (embeddings), all of them together
 * @param maxOutputTokens the most output tokens that the model can produce for one choice, 0 to
 *     10^9
 */
public record ModelPrice(List<RateCard> cards, long contextTokens, long maxOutputTokens) {
    private static final long MAX_TOKENS = 1_000_000_000;

    /**
     * @throws IllegalArgumentException if a bound is out of range or there is no card
     */
    public ModelPrice {
        cards = List.copyOf(cards);
        if (cards.isEmpty()) {
            throw new IllegalArgumentException("a price has at least one card");
        }
        if (contextTokens < 1 || contextTokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "a context window has 1 to " + MAX_TOKENS + " tokens, not " + contextTokens);
        }
        if (maxOutputTokens < 0 || maxOutputTokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "an answer has 0 to " + MAX_TOKENS + " tokens, not " + maxOutputTokens);
        }
    }

    /** One card with these steps, tiers and uplifts. */
    public ModelPrice(
            List<Step> steps,
            Map<String, List<Step>> tiers,
            Map<String, Integer> uplifts,
            long contextTokens,
            long maxOutputTokens) {
        this(
                List.of(new RateCard(Season.ALWAYS, steps, tiers, uplifts)),
                contextTokens,
                maxOutputTokens);
    }

    /** The price of a request that begins and ends within the span: of the cards that touch it. */
    ModelPrice during(Span span) {
        if (cards.size() == 1) {
            return this;
        }
        List<RateCard> inForce = cards.stream().filter(c -> c.season().touches(span)).toList();
        boolean some = !inForce.isEmpty() && inForce.size() < cards.size();
        return some ? new ModelPrice(inForce, contextTokens, maxOutputTokens) : this;
    }

    /**
     * What this usage costs.
     *
     * @param terms what the request was served under, any words, see {@link Terms}
     * @return nano-dollars, rounded up once; 0 to {@link Usd#MAX_NANO_USD}
     */
    public long costNanoUsd(Usage usage, List<String> terms) {
        long dearest = 0;
        for (RateCard card : cards) {
            dearest = Math.max(dearest, card.cost(usage, terms));
        }
        return dearest;
    }

    /**
     * Whether all that such a request can be billed by has a price. A model that is billed by the
     * piece, length or time alone has none for a request that is billed by tokens.
     */
    public boolean covers(Ask ask) {
        for (RateCard card : cards) {
            if (!card.covers(ask)) {
                return false;
            }
        }
        return true;
    }

    /** The same where a model is billed by one of the units that a request tells of. */
    public boolean coversOneOf(Ask ask) {
        return cards.stream().allMatch(card -> card.coversOneOf(ask));
    }

    /** The worst case of a request; see above for what it covers. */
    public Quote quote(Ask ask) {
        long seen = ask.toolCalls() > 0 ? Ask.UNSEEN : ask.inputTokens();
        long input = Math.min(seen, contextTokens * ask.requests());
        long perChoice = Math.min(ask.outputCap().orElse(maxOutputTokens), maxOutputTokens);
        long output = Math.min(perChoice * ask.choices(), Usage.MAX_AMOUNT);
        Usage tokens = Usage.ofTokens(input, output);
        long dearest = 0;
        for (RateCard card : cards) {
            dearest = Math.max(dearest, card.worst(ask, tokens));
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
}
