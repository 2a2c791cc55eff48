package weir.ledger;

import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;

/**
 * This sidecar's part of a limit while the ledger is away: the limit, divided by the sidecars that
 * were last seen, rounded down, at least one unit.
 *
 * <p>A bucket's share holds its part of the burst and refills in as many periods as there are
 * sidecars, so that it loses nothing to rounding. A request for more than the share, but not for
 * more than the limit, takes the whole share; what it really uses beyond that is owed, and others
 * wait it off. So no request starves for being large. Money is never owed in advance: what does not
 * fit the share of a budget does not pass.
 */
final class Share {
    /** More than anybody runs; keeps every share within what a bucket counts exactly. */
    static final int MAX_SIDECARS = 10_000;

    private Share() {}

    /**
     * The claim on the share that stands for this claim on the whole.
     *
     * @param sidecars how many there are, this one included; what is below 1 counts as 1
     */
    static Claim of(Claim claim, int sidecars) {
        int parts = Math.clamp(sidecars, 1, MAX_SIDECARS);
        return switch (claim.meter()) {
            case Meter.Rate rate -> {
                Bucket share = bucket(rate.bucket(), parts);
                boolean fits = claim.amount() <= rate.bucket().capacityTokens();
                long amount =
                        fits ? Math.min(claim.amount(), share.capacityTokens()) : claim.amount();
                yield on(claim, new Meter.Rate(rate.unit(), share)).withAmount(amount);
            }
            case Meter.Concurrency slots ->
                    on(claim, new Meter.Concurrency(atLeastOne(slots.max() / parts)));
            case Meter.Spend spend -> {
                long whole = spend.limitNanoUsd();
                long part = Math.min(whole, atLeastOne(whole / parts));
                yield on(claim, new Meter.Spend(part, spend.window()));
            }
        };
    }

    private static Bucket bucket(Bucket whole, int parts) {
        return new Bucket(
                whole.tokens(),
                whole.periodMicros() * parts,
                atLeastOne(whole.capacityTokens() / parts));
    }

    private static long atLeastOne(long units) {
        return Math.max(1, units);
    }

    private static Claim on(Claim claim, Meter meter) {
        return new Claim(claim.limit(), meter, claim.tenant(), claim.scope(), claim.amount());
    }
}
