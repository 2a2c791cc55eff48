package weir.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import weir.limit.Standing;
import weir.limit.Unit;

/** Gauges of how counters stand; those of one limit and tenant show the counter that spoke last. */
final class Balances {
    private static final long NANOS = 1_000_000_000;

    private record Key(String limit, Unit unit, String tenant) {}

    private final MeterRegistry registry;
    private final Map<Key, Consumer<Standing>> gauges = new ConcurrentHashMap<>();

    Balances(MeterRegistry registry) {
        this.registry = registry;
    }

    void show(Standing standing, String tenant) {
        String limit = standing.claim().limit().name();
        gauges.computeIfAbsent(
                        new Key(limit, standing.claim().meter().unit(), tenant), this::gauges)
                .accept(standing);
    }

    private Consumer<Standing> gauges(Key key) {
        if (key.unit() == Unit.SPEND) {
            AtomicLong spent = gauge(MetricNames.BUDGET_SPENT_USD, key, NANOS);
            AtomicLong reserved = gauge(MetricNames.BUDGET_RESERVED_USD, key, NANOS);
            AtomicLong leased = gauge(MetricNames.BUDGET_LEASED_USD, key, NANOS);
            AtomicLong limit = gauge(MetricNames.BUDGET_LIMIT_USD, key, NANOS);
            return standing -> {
                spent.set(standing.used());
                reserved.set(standing.reserved());
                leased.set(standing.leased());
                limit.set(standing.limit());
            };
        }
        AtomicLong left = gauge(MetricNames.LIMIT_REMAINING, key, 1);
        return standing -> left.set(standing.left());
    }

    /** Each budget is a limit of its own; other limits may have several units. */
    private AtomicLong gauge(String name, Key key, long divisor) {
        AtomicLong value = new AtomicLong();
        String unit = key.unit() == Unit.SPEND ? "" : "." + key.unit().word();
        Gauge.builder(name, value, v -> v.doubleValue() / divisor)
                .tags("limit", key.limit() + unit, "tenant", key.tenant())
                .register(registry);
        return value;
    }
}
