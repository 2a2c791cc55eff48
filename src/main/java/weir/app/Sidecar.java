package weir.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.admin.LimitsView;
import weir.ledger.ClusterLedger;
import weir.ledger.Cooldowns;
import weir.ledger.InProcessLedger;
import weir.ledger.JobBook;
import weir.ledger.LeasedLedger;
import weir.ledger.Leasing;
import weir.ledger.Ledger;
import weir.ledger.OutageLedger;
import weir.ledger.Presence;
import weir.ledger.ProcessLink;
import weir.ledger.RedisLedger;
import weir.ledger.SharedCooldowns;
import weir.ledger.SoftThresholds;
import weir.limit.Crossing;
import weir.observe.Log;
import weir.observe.Metrics;
import weir.observe.Webhooks;
import weir.proxy.Alarm;
import weir.proxy.Deadlines;
import weir.proxy.Expectations;
import weir.proxy.Gate;
import weir.proxy.HeldBytes;
import weir.proxy.Jobs;
import weir.proxy.Lane;
import weir.proxy.Listener;
import weir.proxy.Origins;
import weir.proxy.RequestIds;
import weir.proxy.Rules;
import weir.proxy.WaitingRoom;

/**
 * Weir without its surroundings: every object of the data path is made here, by hand, once. Quarkus
 * starts one; tests start as many as they like in one process.
 */
public final class Sidecar {
    /** A stop waits so long for ledgers before it ends the rest as well. */
    private static final long LEDGER_CLOSE_MILLIS = 500;

    private final Vertx vertx;
    private final Settings settings;
    private final Metrics metrics;
    private final Log log;
    private final Gate gate;
    private final Expectations expectations = new Expectations();
    private final HeldBytes heldBytes = new HeldBytes(Runtime.getRuntime().maxMemory());
    private final @Nullable JobBook jobBook;
    private final Jobs jobs;
    private final AtomicInteger lanes = new AtomicInteger();
    private final AtomicInteger holders = new AtomicInteger();
    private final LeasedLedger.Tally leases = new LeasedLedger.Tally();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Ledger> ledgers = new CopyOnWriteArrayList<>();
    private final Supplier<Ledger> newLedger;
    private final Cooldowns cooldowns;
    private final @Nullable Presence presence;
    private final SoftThresholds.Told told = new SoftThresholds.Told();
    private final Webhooks webhooks;
    private volatile String deployment = "";

    /** Where a sidecar tells what it does. */
    public record Telemetry(MeterRegistry registry, CollectorRegistry collectors, Log log) {}

    public Sidecar(Vertx vertx, Settings settings, Rules rules, Telemetry telemetry) {
        this.vertx = vertx;
        this.settings = settings;
        this.metrics = new Metrics(telemetry.registry(), telemetry.collectors());
        this.log = telemetry.log();
        this.gate = new Gate(rules);
        this.webhooks = new Webhooks(vertx, metrics, log, System::currentTimeMillis);
        webhooks.replace(rules.webhooks());
        Optional<ProcessLink> link =
                settings.redis().map(r -> new ProcessLink(vertx, ledgerSettings(r)));
        this.cooldowns = link.map(Sidecar::sharedCooldowns).orElseGet(Sidecar::ownCooldowns);
        cooldowns.watch(rules.pooled());
        this.jobBook = link.map(JobBook::new).orElse(null);
        this.jobs = new Jobs(jobBook);
        this.presence = link.map(Presence::new).orElse(null);
        this.newLedger =
                presence == null
                        ? oneLedger()
                        : redisLedgers(settings.redis().orElseThrow(), presence);
        metrics.ledger(this::pendingSettlements, this::ledgerUp);
        metrics.leases(leases.hits(), leases.trips());
        metrics.jobs(jobs::size);
    }

    private Supplier<Ledger> oneLedger() {
        Ledger shared = new InProcessLedger(Sidecar::epochMicros);
        return () -> shared;
    }

    private RedisLedger.Settings ledgerSettings(RedisOptions redis) {
        return new RedisLedger.Settings(
                settings.sidecar(), redis, settings.ledgerDeadlineMillis(), Sidecar::epochMicros);
    }

    private static Cooldowns ownCooldowns() {
        return new Cooldowns(System::nanoTime);
    }

    private static Cooldowns sharedCooldowns(ProcessLink link) {
        return new SharedCooldowns(link, System::nanoTime);
    }

    private Supplier<Ledger> redisLedgers(RedisOptions redis, Presence here) {
        RedisLedger.Settings ledger = ledgerSettings(redis);
        metrics.sidecars(here::sidecars);
        OutageLedger.Local local =
                new OutageLedger.Local(
                        new InProcessLedger(Sidecar::epochMicros),
                        here::sidecars,
                        metrics::degraded);
        Supplier<Ledger> each =
                redis.getType() == RedisClientType.CLUSTER
                        ? () -> withLeases(new ClusterLedger(vertx, ledger))
                        : () -> withLeases(new RedisLedger(vertx, ledger));
        return () -> new OutageLedger(each.get(), local);
    }

    private Ledger withLeases(Leasing ledger) {
        if (!settings.leases()) {
            return ledger;
        }
        String holder = settings.sidecar() + "." + holders.getAndIncrement();
        return new LeasedLedger(
                ledger, new VertxScheduler(vertx), holder, settings.ledgerDeadlineMillis(), leases);
    }

    private static long epochMicros() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }

    /** Opens the data port on every event loop; completes when calls are taken. */
    public Future<Void> start() {
        Supplier<Listener> each =
                () -> {
                    Listener listener = new Listener(settings.doors(), gate, this::lane);
                    listeners.add(listener);
                    return listener;
                };
        return vertx.deployVerticle(
                        each::get, new DeploymentOptions().setInstances(settings.eventLoops()))
                .onSuccess(id -> deployment = id)
                .mapEmpty();
    }

    private Lane lane() {
        Ledger ledger =
                new SoftThresholds(newLedger.get(), new VertxScheduler(vertx), told, this::crossed);
        ledgers.add(ledger);
        return new Lane(
                vertx,
                ledger,
                new WaitingRoom(ledger, Alarm.of(vertx), System::nanoTime, metrics::waiting),
                new Origins(vertx),
                new Deadlines(vertx, System::nanoTime),
                new RequestIds(settings.sidecar() + Integer.toString(lanes.getAndIncrement(), 36)),
                expectations,
                settings.bounds(),
                cooldowns,
                jobs,
                heldBytes,
                metrics,
                log,
                System::nanoTime,
                System::currentTimeMillis);
    }

    private void crossed(Crossing crossing) {
        metrics.crossed(crossing);
        log.crossed(crossing);
        webhooks.tell(crossing);
    }

    /** How limits stand, as the ledger of one event loop reads them. */
    LimitsView limits() {
        return new LimitsView(
                () -> gate.rules().limits().all(),
                counters -> listeners.getFirst().ask(ledger -> ledger.read(counters)));
    }

    /** The port that calls are taken on. */
    public int port() {
        return listeners.getFirst().ports().getFirst();
    }

    /**
     * The port that calls are taken on over TLS.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public int tlsPort() {
        return listeners.getFirst().ports().subList(1, 2).getFirst();
    }

    /** New calls follow these rules from now on. */
    public void replace(Rules rules) {
        gate.replace(rules);
        webhooks.replace(rules.webhooks());
        cooldowns.watch(rules.pooled());
    }

    public void configReloaded(boolean accepted) {
        metrics.configReloaded(accepted);
    }

    public boolean draining() {
        return gate.draining();
    }

    public boolean ledgerIsUp() {
        return ledgers.stream().allMatch(Ledger::isUp);
    }

    /** Whether no limit in force keeps calls out while the ledger is away. */
    public boolean canDoWithoutLedger() {
        return OutageLedger.canDoWithout(gate.rules().limits().all());
    }

    /**
     * Takes no more calls, lets those in flight finish within the drain time, settles, and closes.
     */
    public Future<Void> stop() {
        gate.drain();
        return Future.join(
                        listeners.stream()
                                .map(listener -> listener.drained(settings.drainMillis()))
                                .toList())
                .transform(drained -> jobs.close())
                .transform(settled -> {
                    Future<Void> closed = vertx.undeploy(deployment);
                    Future<Void> others = closedOrLate(closed).eventually(this::closeOthers);
                    return Future.join(closed, others).mapEmpty();
                });
    }

    /** A ledger that waits for Redis, maybe in vain, keeps no webhook from its last try. */
    private Future<Void> closedOrLate(Future<Void> closed) {
        Promise<Void> done = Promise.promise();
        long timer = vertx.setTimer(LEDGER_CLOSE_MILLIS, t -> done.tryComplete());
        closed.onComplete(c -> {
            vertx.cancelTimer(timer);
            done.tryComplete();
        });
        return done.future();
    }

    private Future<Void> closeOthers() {
        Future<Void> left = presence == null ? Future.succeededFuture() : presence.leave();
        Future<Void> noted = jobBook == null ? Future.succeededFuture() : jobBook.close();
        return Future.join(webhooks.close(), cooldowns.close(), left, noted).mapEmpty();
    }

    /** Settlements that the ledger has not acknowledged yet. */
    public long pendingSettlements() {
        return ledgers.stream().distinct().mapToLong(Ledger::pendingSettlements).sum();
    }

    private long ledgerUp() {
        return ledgerIsUp() ? 1 : 0;
    }
}
