package weir.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import weir.usage.Kind;
import weir.usage.Usage;

/** The meters of one provider, model and tenant, looked up once and then only incremented. */
final class Series {
    private static final Kind[] KINDS = Kind.values();

    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final Map<Kind, Counter> amounts = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder nanoUsd = new LongAdder();
    private final DistributionSummary inputTokens;
    private final DistributionSummary outputTokens;
    private final Timer duration;

    Series(MeterRegistry registry, Tags tags, Tags genAi) {
        for (Outcome outcome : Outcome.values()) {
            requests.put(
                    outcome,
                    registry.counter(MetricNames.REQUESTS, tags.and("outcome", outcome.word())));
        }
        this.registry = registry;
        this.tags = tags;
        // The sum is kept in nano-dollars and becomes a floating-point number only in the scrape.
        FunctionCounter.builder(MetricNames.SPEND_USD, nanoUsd, sum -> sum.doubleValue() / 1e9)
                .tags(tags)
                .register(registry);
        inputTokens = tokenUsage(registry, genAi.and("gen_ai_token_type", "input"));
        outputTokens = tokenUsage(registry, genAi.and("gen_ai_token_type", "output"));
        duration = Timer.builder(MetricNames.GEN_AI_DURATION).tags(genAi).register(registry);
    }

    private static DistributionSummary tokenUsage(MeterRegistry registry, Tags tags) {
        return DistributionSummary.builder(MetricNames.GEN_AI_TOKENS).tags(tags).register(registry);
    }

    void count(CallRecord call) {
        counter(requests, call.outcome()).increment();
        used(call.usage(), call.costNanoUsd());
        if (call.upstreamNanos() >= 0) {
            inputTokens.record((double) call.usage().inputTokens());
            outputTokens.record((double) call.usage().outputTokens());
            duration.record(call.totalNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void used(Usage usage, long costNanoUsd) {
        nanoUsd.add(costNanoUsd);
        for (Kind kind : KINDS) {
            long amount = usage.amount(kind);
            if (amount > 0) {
                amounts.computeIfAbsent(kind, this::amount).increment((double) amount);
            }
        }
    }

    /** Made when it is first needed: no model is billed by more than a few of the kinds. */
    private Counter amount(Kind kind) {
        String word = kind.name().toLowerCase(Locale.ROOT);
        return registry.counter(MetricNames.TOKENS, tags.and("kind", word));
    }

    private static <K> Counter counter(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }
}
