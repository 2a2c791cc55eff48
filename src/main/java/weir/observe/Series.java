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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import weir.usage.Kind;

/** The meters of one provider, model and tenant, looked up once and then only incremented. */
final class Series {
    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final Map<Kind, Counter> tokens = new EnumMap<>(Kind.class);
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
        for (Kind kind : Kind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT);
            tokens.put(kind, registry.counter(MetricNames.TOKENS, tags.and("kind", word)));
        }
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
        nanoUsd.add(call.costNanoUsd());
        for (Map.Entry<Kind, Counter> entry : tokens.entrySet()) {
            long amount = call.usage().amount(entry.getKey());
            if (amount > 0) {
                entry.getValue().increment((double) amount);
            }
        }
        if (call.upstreamNanos() >= 0) {
            inputTokens.record((double) call.usage().inputTokens());
            outputTokens.record((double) call.usage().outputTokens());
            duration.record(call.totalNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static <K> Counter counter(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }
}
