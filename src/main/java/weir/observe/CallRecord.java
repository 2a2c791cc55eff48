package weir.observe;

import org.jspecify.annotations.Nullable;
import weir.limit.Reason;
import weir.usage.Usage;

/**
 * What there is to tell about one finished request; the log line and the metrics are made from it.
 * Times are durations in nanoseconds, -1 where the request did not get that far.
 *
 * @param provider, model, tenant, key, endpoint empty where the request did not get that far
 * @param limit the limit that refused or truncated, if one did; empty where the ledger was away
 * @param cause what went wrong with the provider or the ledger, in their own words
 * @param status the HTTP status that the caller saw, 0 where it saw none
 * @param usage what was charged for
 * @param estimated whether usage was not reported by the provider but bounded by Weir
 * @param peekNanos identify, route, peek and quote
 * @param reserveNanos the ledger's answer, without the time that the call waited for limits
 * @param waitedNanos in line for limits that were short
 * @param firstByteOverheadNanos from the provider's first byte to the caller's
 * @param firstByteNanos from the request's arrival to the caller's first byte
 * @param upstreamNanos from sending the request to the response's last byte
 */
public record CallRecord(
        String requestId,
        String provider,
        String model,
        String tenant,
        String key,
        String endpoint,
        boolean stream,
        Outcome outcome,
        @Nullable Reason reason,
        @Nullable String limit,
        @Nullable String cause,
        int status,
        Usage usage,
        boolean estimated,
        long reservedNanoUsd,
        long costNanoUsd,
        long peekNanos,
        long reserveNanos,
        long waitedNanos,
        long firstByteOverheadNanos,
        long firstByteNanos,
        long upstreamNanos,
        long totalNanos,
        long bytesIn,
        long bytesOut) {}
