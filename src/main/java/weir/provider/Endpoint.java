package weir.provider;

import java.time.Duration;

/**
 * One operation of a vendor's API.
 *
 * @param name in limits, logs and metrics ({@code chat.completions}, {@code messages})
 * @param lasts for how long the vendor may go on working for one request, where that is longer than
 *     any answer takes; else zero
 */
public record Endpoint(String name, Cost cost, Duration lasts) {
    public enum Cost {
        /** Costs money by what its request and response say. */
        METERED,
        /** Costs nothing; needs no reservation. */
        FREE,
        /**
         * Costs nothing, but reaches what belongs to the whole account at the provider: what any of
         * its callers stored there, its jobs, its credentials. Callers share the account, so this
         * is a matter of permission.
         */
        ACCOUNT,
        /** May cost money in a way that Weir cannot see. */
        UNPRICED
    }

    /** One whose work is over with its answer. */
    public Endpoint(String name, Cost cost) {
        this(name, cost, Duration.ZERO);
    }

    /** Batches: vendors end them after a day, and tell what they used a little later. */
    static Endpoint batches(String name) {
        return new Endpoint(name, Cost.METERED, Duration.ofHours(25));
    }
}
