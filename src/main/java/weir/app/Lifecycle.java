package weir.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import weir.admin.LimitsView;
import weir.app.config.ConfigFile;
import weir.app.config.ConfigWatcher;
import weir.key.cloud.Logins;
import weir.observe.LineOutput;
import weir.observe.Log;
import weir.provider.Providers;
import weir.proxy.Upstream;

/** Starts and stops the sidecar with Quarkus, and reloads weir.yaml when it changes. */
@Singleton
public final class Lifecycle {
    private static final long RELOAD_MILLIS = 1_000;
    private static final long START_SECONDS = 10;

    /** On top of the drain time: for what is settled at its end. */
    private static final long STOP_MARGIN_SECONDS = 3;

    private final WeirConfig config;
    private final Vertx vertx;
    private final Log log;
    private final Sidecar.Telemetry telemetry;
    private final Logins logins;
    private final AtomicReference<@Nullable Sidecar> sidecar = new AtomicReference<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    public Lifecycle(
            WeirConfig config, Vertx vertx, MeterRegistry registry, CollectorRegistry collectors) {
        this.config = config;
        this.vertx = vertx;
        this.log = new Log(new LineOutput(), System::currentTimeMillis);
        this.telemetry = new Sidecar.Telemetry(alone(registry), collectors, log);
        this.logins =
                new Logins(
                        vertx,
                        System::getenv,
                        System::currentTimeMillis,
                        failure -> log.notice("login_failed", failure));
    }

    /** Quarkus gives one registry over all that there are, which costs every count a detour. */
    private static MeterRegistry alone(MeterRegistry given) {
        return given instanceof CompositeMeterRegistry all && all.getRegistries().size() == 1
                ? all.getRegistries().iterator().next()
                : given;
    }

    void start(@Observes StartupEvent event) {
        Settings settings = SettingsReader.read(config);
        ConfigFile.Loaded loaded =
                switch (read()) {
                    case ConfigFile.Loaded valid -> valid;
                    case ConfigFile.Invalid invalid ->
                            throw new StartException(invalid.errors().getFirst().toString(), null);
                };
        Sidecar started = new Sidecar(vertx, settings, loaded.rules(), telemetry);
        listen(started);
        sidecar.set(started);
        watch(started, new ConfigWatcher(loaded.files()));
        warn(loaded);
    }

    private void warn(ConfigFile.Loaded loaded) {
        loaded.warnings().forEach(warning -> log.notice("config_warning", warning));
        long ttlMillis = config.ledger().reservationTtl().toMillis();
        for (Upstream upstream : loaded.rules().upstreams().values()) {
            if (upstream.timeouts().totalMillis() >= ttlMillis) {
                log.notice(
                        "config_warning",
                        ("providers.%s.timeouts.total is not below weir.ledger.reservation-ttl: a"
                                        + " longer call is charged its worst case meanwhile")
                                .formatted(upstream.name()));
            }
        }
    }

    /** Says that all is open: the admin port opens last. */
    void announce() {
        Sidecar running = sidecar.get();
        if (running != null) {
            String ledger = config.redis().url().isPresent() ? "in Redis" : "in process";
            boolean tls = config.tls().certificate().or(config.tls()::selfSigned).isPresent();
            log.notice(
                    "listening",
                    "calls on %s:%d%s, administration on %s, ledger %s"
                            .formatted(
                                    HostAndPort.parse("weir.listen", config.listen()).host(),
                                    running.port(),
                                    tls ? ", over TLS on " + config.tls().address() : "",
                                    config.admin().listen(),
                                    ledger));
        }
    }

    private void listen(Sidecar starting) {
        try {
            await(starting.start(), START_SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartException(
                    "weir.listen: cannot listen on " + config.listen() + ": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause();
        return cause == null
                ? "it takes longer than " + START_SECONDS + " s"
                : String.valueOf(cause.getMessage());
    }

    /** Where the program ended in another way than by {@link #stop}, such as at a failed start. */
    void onShutdown(@Observes ShutdownEvent event) {
        boolean unused = stop();
    }

    /**
     * Drains, settles and closes, once; blocks until that is done.
     *
     * @return whether the ledger has acknowledged everything
     */
    boolean stop() {
        Sidecar running = sidecar.get();
        if (running == null || stopping.getAndSet(true)) {
            return true;
        }
        log.notice("draining", "no new calls; those in flight may finish");
        try {
            await(running.stop(), config.drainTimeout().toSeconds() + STOP_MARGIN_SECONDS);
            log.notice("stopped", "every call has ended and is settled");
            return true;
        } catch (ExecutionException | TimeoutException e) {
            log.notice(
                    "stopped",
                    "settlements that the ledger has not acknowledged: "
                            + running.pendingSettlements()
                            + "; their reservations will expire and be charged in full");
            return false;
        }
    }

    /** Whether calls are taken: without a ledger only where no limit is closed meanwhile. */
    boolean ready() {
        Sidecar running = sidecar.get();
        return running != null
                && !running.draining()
                && (running.ledgerIsUp() || running.canDoWithoutLedger());
    }

    /** Whether limits are decided without the ledger that they should be counted in. */
    boolean degraded() {
        Sidecar running = sidecar.get();
        return running != null && !running.ledgerIsUp();
    }

    /** How limits stand; null before the start. */
    @Nullable LimitsView limits() {
        Sidecar running = sidecar.get();
        return running == null ? null : running.limits();
    }

    private ConfigFile.Result read() {
        return ConfigFile.read(
                Path.of(config.config()), System::getenv, Providers.ALL, logins::source);
    }

    private void watch(Sidecar running, ConfigWatcher watcher) {
        vertx.setPeriodic(
                RELOAD_MILLIS,
                timer ->
                        vertx.executeBlocking(() -> {
                            if (watcher.poll()) {
                                reload(running, watcher);
                            }
                            return null;
                        }));
    }

    /**
     * A changed file that is valid takes effect for new calls; a broken one is told of and left
     * alone.
     */
    private void reload(Sidecar running, ConfigWatcher watcher) {
        ConfigFile.Result result = read();
        watcher.watch(result.files());
        switch (result) {
            case ConfigFile.Loaded loaded -> {
                running.replace(loaded.rules());
                running.configReloaded(true);
                log.notice("config_reloaded", config.config() + " is in force for new calls");
                warn(loaded);
            }
            case ConfigFile.Invalid invalid -> {
                running.configReloaded(false);
                invalid.errors().forEach(error -> log.notice("config_refused", error.toString()));
            }
        }
    }

    private static void await(Future<Void> done, long seconds)
            throws ExecutionException, TimeoutException {
        try {
            done.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
