package weir.proxy;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.price.ModelPrice;

/**
 * What a request may use, and what it asks of each limit.
 *
 * @param price null where there is none
 * @param worst the most that the request can use with the output cap that its money covers
 * @param claims what is asked of every counter; empty where the ledger need not be asked
 * @param flatNanoUsd what is charged whatever is used, where a budget prices the unpriced by a flat
 *     sum; else -1
 * @param plan how its money is reserved
 * @param granted output tokens per choice that its money covers, where that is less than the
 *     request may make
 */
record Demand(
        @Nullable ModelPrice price,
        Amounts worst,
        List<Claim> claims,
        long flatNanoUsd,
        Plan plan,
        OptionalLong granted) {
    static final long NO_FLAT_PRICE = -1;

    /** Of a call that needs no reservation. */
    static final Demand NONE =
            new Demand(
                    null,
                    Amounts.NOTHING,
                    List.of(),
                    NO_FLAT_PRICE,
                    Plan.WHOLE,
                    OptionalLong.empty());

    Demand {
        claims = List.copyOf(claims);
    }

    Demand claiming(List<Claim> all) {
        return new Demand(price, worst, all, flatNanoUsd, plan, granted);
    }

    /**
     * The same after so much money was granted.
     *
     * @param nanoUsd nano-dollars in all; no matter where no plan needs to know
     */
    Demand granted(long nanoUsd) {
        return upTo(plan, nanoUsd);
    }

    /** The same once it is admitted. */
    Demand admitted(Hold hold) {
        return upTo(plan.with(hold.leftNanoUsd()), hold.nanoUsd());
    }

    private Demand upTo(Plan chosen, long nanoUsd) {
        return switch (chosen) {
            case Plan.Whole whole -> this;
            case Plan.Clamp clamp -> upTo(chosen, clamp.tariff(), nanoUsd);
            case Plan.Slices slices -> upTo(chosen, slices.tariff(), nanoUsd);
        };
    }

    private Demand upTo(Plan chosen, Tariff tariff, long nanoUsd) {
        long cap = tariff.cap(nanoUsd);
        boolean less = cap < tariff.mostTokens();
        return new Demand(
                price,
                tariff.worst(cap),
                claims,
                flatNanoUsd,
                chosen,
                less ? OptionalLong.of(cap) : OptionalLong.empty());
    }

    /**
     * The most that the request can use whatever its money covers: a stream that is paid slice by
     * slice is not told to want less.
     */
    Amounts most() {
        return plan instanceof Plan.Slices slices
                ? slices.tariff().worst(slices.tariff().mostTokens())
                : worst;
    }

    /** What the request's output cap has to become, per choice; empty where it may stay. */
    OptionalLong clampedTo() {
        return plan instanceof Plan.Clamp ? granted : OptionalLong.empty();
    }
}
