package weir.observe;

import weir.usage.Usage;

/**
 * What there is to tell about work that went on after its request, once it is over.
 *
 * @param requestId of the request that began it
 * @param usage what was charged for
 * @param estimated whether the provider did not report usage, so that the worst case was charged
 * @param nanos from the request's end to this one
 */
public record JobRecord(
        String requestId,
        String provider,
        String model,
        String tenant,
        String key,
        String endpoint,
        Usage usage,
        boolean estimated,
        long costNanoUsd,
        long nanos) {}
