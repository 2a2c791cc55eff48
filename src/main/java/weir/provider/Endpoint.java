package weir.provider;

/**
 * One operation of a vendor's API.
 *
 * @param name in limits, logs and metrics ({@code chat.completions}, {@code messages})
 */
public record Endpoint(String name, Cost cost) {
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
}
