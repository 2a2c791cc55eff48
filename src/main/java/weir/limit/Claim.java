package weir.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * What one request asks of one counter.
 *
 * @param scope the counter's values, in the order of the limit's {@code per}
 * @param amount in the meter's unit, at least 0; the worst case for spend, an expectation for
 *     tokens
 */
public record Claim(Limit limit, Meter meter, String tenant, List<String> scope, long amount) {
    public Claim {
        scope = List.copyOf(scope);
        if (amount < 0) {
            throw new IllegalArgumentException("negative amount");
        }
    }

    /** Whether a budget is asked. */
    public boolean isMoney() {
        return meter instanceof Meter.Spend;
    }

    /** On the same counter, for another amount. */
    public Claim withAmount(long other) {
        return new Claim(limit, meter, tenant, scope, other);
    }

    /**
     * The claims of one request on every meter of every limit that matches it, in the limits'
     * order.
     */
    public static List<Claim> of(List<Limit> matching, Subject subject, Amounts amounts) {
        List<Claim> claims = new ArrayList<>();
        for (Limit limit : matching) {
            List<String> scope = scope(limit.per(), subject);
            for (Meter meter : limit.meters()) {
                claims.add(
                        new Claim(limit, meter, subject.tenant(), scope, amounts.of(meter.unit())));
            }
        }
        return claims;
    }

    private static List<String> scope(List<Dimension> per, Subject subject) {
        String[] values = new String[per.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = per.get(i).valueOf(subject);
        }
        return List.of(values);
    }
}
