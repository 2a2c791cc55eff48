package weir.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import weir.limit.Standing;

/** Gauges of how counters stand; those of one limit and tenant show the counter that spoke last. */
final class Balances {
    private static final long NANOS = 1_000_000_000;

    private record Key(String name, String limit, String tenant) {}

    private final MeterRegistry registry;
    private final Map<Key, AtomicLong> gauges = new ConcurrentHashMap<>();

    Balances(MeterRegistry registry) {
        this.registry = registry;
    }

    void show(Standing standing, String tenant) {
        String limit = standing.claim().limit().name();
        if (standing.claim().isMoney()) {
            gauge(MetricNames.BUDGET_SPENT_USD, limit, tenant, NANOS).set(standing.used());
            gauge(MetricNames.BUDGET_RESERVED_USD, limit, tenant, NANOS).set(standing.reserved());
            gauge(MetricNames.BUDGET_LEASED_USD, limit, tenant, NANOS).set(standing.leased());
            gauge(MetricNames.BUDGET_LIMIT_USD, limit, tenant, NANOS).set(standing.limit());
        } else {
            String counter = limit + "." + standing.claim().meter().unit().word();
            gauge(MetricNames.LIMIT_REMAINING, counter, tenant, 1).set(standing.left());
        }
    }

    private AtomicLong gauge(String name, String limit, String tenant, long divisor) {
        return gauges.computeIfAbsent(
                new Key(name, limit, tenant),
                key -> {
                    AtomicLong value = new AtomicLong();
                    Gauge.builder(name, value, v -> v.doubleValue() / divisor)
                            .tags("limit", limit, "tenant", tenant)
                            .register(registry);
                    return value;
                });
    }
}
