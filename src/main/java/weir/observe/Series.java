package weir.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Histogram inputTokens;
    private final Histogram outputTokens;
    private final Histogram duration;

    Series(MeterRegistry registry, Histograms histograms, Tags tags, Tags genAi) {
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
        inputTokens = tokens(histograms, genAi.and("gen_ai_token_type", "input"));
        outputTokens = tokens(histograms, genAi.and("gen_ai_token_type", "output"));
        duration = histograms.get(MetricNames.GEN_AI_DURATION, Histogram.Scale.OPERATIONS, genAi);
    }

    private static Histogram tokens(Histograms histograms, Tags tags) {
        return histograms.get(MetricNames.GEN_AI_TOKENS, Histogram.Scale.TOKENS, tags);
    }

    void count(CallRecord call) {
        counter(requests, call.outcome()).increment();
        used(call.usage(), call.costNanoUsd());
        if (call.upstreamNanos() >= 0) {
            inputTokens.record(call.usage().inputTokens());
            outputTokens.record(call.usage().outputTokens());
            duration.record(call.totalNanos());
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
