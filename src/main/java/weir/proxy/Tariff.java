package weir.proxy;

import weir.limit.Amounts;
import weir.price.Ask;
import weir.price.ModelPrice;
import weir.price.Quote;

/** What a call costs at most by its output cap, and which cap a sum of money covers. */
record Tariff(ModelPrice price, Ask ask) {
    /** The request's own cap per choice or the model's. */
    long mostTokens() {
        long model = price.maxOutputTokens();
        return Math.min(ask.outputCap().orElse(model), model);
    }

    int choices() {
        return ask.choices();
    }

    /** The most that the call can use where each choice ends at this many tokens. */
    Amounts worst(long capTokens) {
        Quote quote = price.quote(ask.withOutputCap(capTokens));
        return new Amounts(1, quote.inputTokens(), quote.outputTokens(), quote.nanoUsd());
    }

    long nanoUsd(long capTokens) {
        return worst(capTokens).nanoUsd();
    }

    /** Tokens per choice; 0 where the money covers no more than the input. */
    long cap(long nanoUsd) {
        return Math.max(0, price.largestCap(ask, nanoUsd));
    }
}
