package weir.ledger;

import java.util.List;
import weir.limit.Standing;

/**
 * What an operator sees of one counter.
 *
 * @param holders of leases that are not empty, by name
 */
public record Reading(Standing standing, List<Holder> holders) {
    public Reading {
        holders = List.copyOf(holders);
    }

    /**
     * Who has a part of the counter.
     *
     * @param amount in the meter's unit
     * @param busy the part of it that requests held when the holder last reported
     * @param endsInMillis when the lease ends, unless the holder reports before
     */
    public record Holder(String name, long amount, long busy, long endsInMillis) {}
}
