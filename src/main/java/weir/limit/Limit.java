package weir.limit;

import java.util.List;

/**
 * One rule of weir.yaml.
 *
 * @param name unique in the file; what answers and metrics call it
 * @param per one counter for each distinct combination of values; empty for one counter in all
 * @param meters at least one, at most one of each unit
 */
public record Limit(
        String name, Match match, List<Dimension> per, List<Meter> meters, Policy policy) {
    public Limit {
        per = List.copyOf(per);
        meters = List.copyOf(meters);
    }

    /**
     * Whether every counter of this limit belongs to exactly one tenant. Such counters share the
     * tenant's hash tag, so that Redis Cluster keeps them on one shard.
     */
    public boolean belongsToOneTenant() {
        for (Dimension dimension : per) {
            if (dimension.source() == Dimension.Source.TENANT
                    || dimension.source() == Dimension.Source.KEY) {
                return true;
            }
        }
        List<Glob> tenants = match.tenant();
        return tenants.size() == 1 && tenants.getFirst().isLiteral();
    }

    /** Whether it limits money, perhaps among others. */
    public boolean isBudget() {
        for (Meter meter : meters) {
            if (meter instanceof Meter.Spend) {
                return true;
            }
        }
        return false;
    }
}
