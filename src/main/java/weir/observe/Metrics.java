package weir.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.prometheus.client.CollectorRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.limit.Crossing;
import weir.limit.Limit;
import weir.limit.Policy.WhenLedgerIsDown;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * Counts what happens. Meters are looked up once for each combination of labels, and the
 * combinations are bounded: providers and limits by weir.yaml, tenants and models by {@link
 * Labels}.
 */
public final class Metrics {
    /**
     * Distinct values that a scrape shows: more models than any provider's list of current ones.
     */
    static final int MAX_MODELS = 200;

    static final int MAX_TENANTS = 500;

    private record SeriesKey(String provider, String model, String tenant) {}

    private record RefusalKey(Reason reason, String limit) {}

    private record RareKey(String name, Tags tags) {}

    private final MeterRegistry registry;
    private final Histograms histograms = new Histograms();
    private final Labels models;
    private final Labels tenants;
    private final Map<SeriesKey, Series> series = new ConcurrentHashMap<>();
    private final Map<RefusalKey, LongAdder> refusals = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> truncated = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> shadowRefusals = new ConcurrentHashMap<>();
    private final Map<RareKey, LongAdder> rare = new ConcurrentHashMap<>();
    private final Balances balances;
    private final Histogram peek;
    private final Histogram reserve;
    private final Histogram firstByteOverhead;
    private final Histogram firstByte;
    private final Histogram upstream;
    private final Histogram ledgerReserve;
    private final LongAdder reloads;
    private final LongAdder reloadsRefused;
    private final LongAdder estimated = new LongAdder();
    private final Histogram waited;
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();

    /**
     * @param collectors what Prometheus reads, the registry's meters among it
     */
    public Metrics(MeterRegistry registry, CollectorRegistry collectors) {
        this.registry = registry;
        collectors.register(histograms);
        this.balances = new Balances(registry);
        LongAdder clipped = counter(MetricNames.LABELS_CLIPPED, Tags.empty());
        this.models = new Labels(MAX_MODELS, clipped::increment);
        this.tenants = new Labels(MAX_TENANTS, clipped::increment);
        this.peek = times(MetricNames.OVERHEAD, Tags.of("part", "peek"));
        this.reserve = times(MetricNames.OVERHEAD, Tags.of("part", "reserve"));
        this.firstByteOverhead = times(MetricNames.OVERHEAD, Tags.of("part", "first_byte"));
        this.firstByte = times(MetricNames.TIME_TO_FIRST_BYTE, Tags.empty());
        this.upstream = times(MetricNames.UPSTREAM, Tags.empty());
        this.ledgerReserve = times(MetricNames.LEDGER, Tags.of("operation", "reserve"));
        this.reloads = counter(MetricNames.CONFIG_RELOADS, Tags.of("result", "ok"));
        this.reloadsRefused = counter(MetricNames.CONFIG_RELOADS, Tags.of("result", "refused"));
        count(MetricNames.USAGE_ESTIMATED, Tags.empty(), estimated);
        this.waited = times(MetricNames.WAITED, Tags.empty());
        shown(MetricNames.IN_FLIGHT, inFlight::get);
        shown(MetricNames.WAITING, waiting::get);
    }

    public void begun() {
        inFlight.incrementAndGet();
    }

    /** So many more calls wait for limits, or fewer where negative. */
    public void waiting(long more) {
        waiting.addAndGet(more);
    }

    /** Counts a soft threshold that this sidecar tells of. */
    public void crossed(Crossing crossing) {
        String percent = Integer.toString(crossing.percent());
        Tags tags = Tags.of("limit", crossing.id().limit(), "percent", percent);
        rare(MetricNames.SOFT_THRESHOLD_CROSSED, tags).increment();
    }

    /** Counts a call that a credential did not serve. */
    public void upstream(UpstreamTrouble trouble, String provider, String credential) {
        Tags tags = Tags.of("provider", provider, "credential", credential);
        rare(trouble.metric(), tags).increment();
    }

    /** Counts the end of a delivery to a webhook. */
    void webhook(String name, Webhooks.Result result) {
        rare(MetricNames.WEBHOOK_DELIVERIES, Tags.of("webhook", name, "result", result.word()))
                .increment();
    }

    /** Counts one finished request. */
    public void finished(CallRecord call) {
        inFlight.decrementAndGet();
        String model = models.bound(call.model(), means(call));
        String tenant = tenants.bound(call.tenant(), true);
        series.computeIfAbsent(new SeriesKey(call.provider(), model, tenant), this::series)
                .count(call);
        if (call.reason() != null) {
            refusal(call.reason(), call.limit()).increment();
        }
        if (call.outcome() == Outcome.TRUNCATED) {
            truncated(call.limit() == null ? "" : call.limit()).increment();
        }
        if (call.estimated()) {
            estimated.increment();
        }
        peek.record(call.peekNanos());
        reserve.record(call.reserveNanos());
        ledgerReserve.record(call.reserveNanos());
        waited.record(call.waitedNanos());
        firstByteOverhead.record(call.firstByteOverheadNanos());
        firstByte.record(call.firstByteNanos());
        upstream.record(call.upstreamNanos());
    }

    /** Counts what work used that went on after its request, which was counted itself. */
    public void jobEnded(JobRecord job) {
        String model = models.bound(job.model(), true);
        String tenant = tenants.bound(job.tenant(), true);
        series.computeIfAbsent(new SeriesKey(job.provider(), model, tenant), this::series)
                .used(job.usage(), job.costNanoUsd());
        if (job.estimated()) {
            estimated.increment();
        }
    }

    /** Shows how much work goes on at providers after its requests. */
    public void jobs(LongSupplier running) {
        shown(MetricNames.JOBS, running);
    }

    private void shown(String name, LongSupplier now) {
        Gauge.builder(name, now, s -> s.getAsLong()).strongReference(true).register(registry);
    }

    /** Whether the model is one that a provider has served, or that has a price. */
    private static boolean means(CallRecord call) {
        return call.outcome() != Outcome.REFUSED || call.reservedNanoUsd() > 0;
    }

    /** Shows how a counter stood when the ledger last spoke of it. */
    public void standing(Standing standing) {
        String limit = standing.claim().limit().name();
        String tenant = tenants.bound(standing.claim().tenant(), true);
        if (standing.verdict() != Standing.Verdict.FITS && !standing.refuses()) {
            shadowRefusals
                    .computeIfAbsent(
                            limit, l -> counter(MetricNames.SHADOW_REFUSALS, Tags.of("limit", l)))
                    .increment();
        }
        balances.show(standing, tenant);
    }

    /** Shows what the ledger says of itself whenever it is scraped. */
    public void ledger(LongSupplier pendingSettlements, LongSupplier up) {
        shown(MetricNames.SETTLEMENTS_PENDING, pendingSettlements);
        shown(MetricNames.LEDGER_UP, up);
    }

    /** Shows how many reservations were granted from leases, and for how many Redis was asked. */
    public void leases(LongAdder hits, LongAdder misses) {
        count(MetricNames.LEASE_HITS, Tags.empty(), hits);
        count(MetricNames.LEASE_MISSES, Tags.empty(), misses);
    }

    /** Shows how many processes share the ledger, as this one last saw it. */
    public void sidecars(LongSupplier sidecars) {
        shown(MetricNames.SIDECARS, sidecars);
    }

    /** Counts a request that a limit decided while the ledger was away. */
    public void degraded(Limit limit, WhenLedgerIsDown policy) {
        String word = policy.name().toLowerCase(Locale.ROOT);
        Tags tags = Tags.of("limit", limit.name(), "policy", word);
        rare(MetricNames.LEDGER_DEGRADED, tags).increment();
    }

    public void configReloaded(boolean accepted) {
        (accepted ? reloads : reloadsRefused).increment();
    }

    private Series series(SeriesKey key) {
        return new Series(
                registry,
                histograms,
                Tags.of("provider", key.provider(), "model", key.model(), "tenant", key.tenant()),
                Tags.of(
                        "gen_ai_provider_name",
                        key.provider(),
                        "gen_ai_request_model",
                        key.model()));
    }

    private LongAdder truncated(String limit) {
        return truncated.computeIfAbsent(
                limit, l -> counter(MetricNames.STREAMS_TRUNCATED, Tags.of("limit", l)));
    }

    private LongAdder refusal(Reason reason, @Nullable String limit) {
        return refusals.computeIfAbsent(
                new RefusalKey(reason, limit == null ? "" : limit),
                key ->
                        counter(
                                MetricNames.REFUSALS,
                                Tags.of("reason", key.reason().word(), "limit", key.limit())));
    }

    /** A counter of what happens too seldom to be kept at hand; its labels come from weir.yaml. */
    private LongAdder rare(String name, Tags tags) {
        return rare.computeIfAbsent(
                new RareKey(name, tags), key -> counter(key.name(), key.tags()));
    }

    private LongAdder counter(String name, Tags tags) {
        LongAdder sum = new LongAdder();
        count(name, tags, sum);
        return sum;
    }

    private void count(String name, Tags tags, LongAdder sum) {
        io.micrometer.core.instrument.FunctionCounter.builder(name, sum, LongAdder::doubleValue)
                .tags(tags)
                .register(registry);
    }

    private Histogram times(String name, Tags tags) {
        return histograms.get(name, Histogram.Scale.TIMES, tags);
    }
}
