package weir.ledger;

import weir.limit.Claim;
import weir.limit.Window.Span;

/**
 * Where a claim is counted.
 *
 * @param tag the hash tag: places of one tag are on one shard
 * @param key of the counter; the holds of a spend counter are under {@link #holdsKey}
 * @param span of the window; {@link #NO_WINDOW} for meters without one
 */
record Place(Claim claim, String tag, String key, Span span) {
    static final Span NO_WINDOW = new Span(0, 0);

    /** The same counter, for another amount. */
    Place withAmount(long amount) {
        return new Place(claim.withAmount(amount), tag, key, span);
    }

    String holdsKey() {
        return key + ":holds";
    }
}
