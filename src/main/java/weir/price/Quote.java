package weir.price;

/**
 * The worst case of a request: no usage within the {@link Ask} it was made for costs more.
 *
 * @param inputTokens at most this many in, the model's context window included in the reckoning
 * @param outputTokens at most this many out, over all choices
 * @param nanoUsd nano-dollars, 0 to {@link Usd#MAX_NANO_USD}
 */
public record Quote(long inputTokens, long outputTokens, long nanoUsd) {}
