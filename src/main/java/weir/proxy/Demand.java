package weir.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.price.ModelPrice;

/**
 * What a request may use, and what it asks of each limit.
 *
 * @param price null where there is none
 * @param worst the most that the request can use
 * @param claims what is asked of every counter; empty where the ledger need not be asked
 * @param flatNanoUsd what is charged whatever is used, where a budget prices the unpriced by a flat
 *     sum; else -1
 */
record Demand(@Nullable ModelPrice price, Amounts worst, List<Claim> claims, long flatNanoUsd) {
    static final long NO_FLAT_PRICE = -1;

    /** Of a call that needs no reservation. */
    static final Demand NONE = new Demand(null, Amounts.NOTHING, List.of(), NO_FLAT_PRICE);

    Demand {
        claims = List.copyOf(claims);
    }
}
