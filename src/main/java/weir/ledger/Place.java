package weir.ledger;

import weir.limit.Claim;
import weir.limit.Window.Span;

/**
 * Where a claim is counted.
 *
 * @param tag the hash tag: places of one tag are on one shard
 * @param key of the counter; what else it has is under keys that begin with this one
 * @param span of the window; {@link #NO_WINDOW} for meters without one
 */
record Place(Claim claim, String tag, String key, Span span) {
    static final Span NO_WINDOW = new Span(0, 0);

    /** The same counter, for another amount. */
    Place withAmount(long amount) {
        return of(claim.withAmount(amount));
    }

    /** The same counter, for another claim on it. */
    Place of(Claim other) {
        return new Place(other, tag, key, span);
    }

    /** Whether what is claimed at this moment is counted here. */
    boolean isAt(long epochMillis) {
        return span.equals(NO_WINDOW) || span.contains(epochMillis);
    }

    /** Of slots: what is not in the set of requests in flight. */
    String stateKey() {
        return key + ":state";
    }

    /** Of rates and slots: who holds leases. */
    String leasesKey() {
        return key + ":leases";
    }

    String holdsKey() {
        return holdsKey(key);
    }

    /** Beside this key of a budget. */
    static String holdsKey(String key) {
        return key + ":holds";
    }
}
