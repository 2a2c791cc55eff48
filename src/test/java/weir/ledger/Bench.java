package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.redis.TestRedis;

/** Three ledgers over one store, under a clock that tests set, called from any thread. */
final class Bench implements AutoCloseable {
    static final int LEDGERS = 3;

    /** A Friday, well inside an hour. */
    static final long START_MICROS =
            Instant.parse("2026-11-27T10:20:30.123456Z").toEpochMilli() * 1_000;

    private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());

    /** Counters of one bench never meet those of another. */
    final String run = "run" + RUNS.incrementAndGet();

    final AtomicLong micros;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Context> contexts = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    private Bench(AtomicLong micros, Function<Vertx, Ledger> make) {
        this.micros = micros;
        for (int i = 0; i < LEDGERS; i++) {
            Context context = vertx.getOrCreateContext();
            contexts.add(context);
            CompletableFuture<Ledger> made = new CompletableFuture<>();
            context.runOnContext(v -> made.complete(make.apply(vertx)));
            ledgers.add(get(made));
        }
    }

    static Bench inProcess(AtomicLong micros) {
        InProcessLedger ledger = new InProcessLedger(micros::get);
        return new Bench(micros, v -> ledger);
    }

    /** One lease holder each, over one ledger in process. */
    static Bench leased(AtomicLong micros, InProcessLedger ledger) {
        AtomicLong names = new AtomicLong();
        return new Bench(
                micros,
                v ->
                        new LeasedLedger(
                                ledger,
                                new BenchScheduler(v, micros),
                                "holder" + names.incrementAndGet(),
                                new LeasedLedger.Tally()));
    }

    /** One lease holder each, over Redis. */
    static Bench leased(AtomicLong micros, TestRedis redis) {
        RedisLedger.Settings settings = settings(redis.url(), 10_000, micros::get);
        Bench bench =
                new Bench(
                        micros,
                        v ->
                                new LeasedLedger(
                                        new RedisLedger(v, settings, micros::get),
                                        new BenchScheduler(v, micros),
                                        "holder" + RUNS.incrementAndGet(),
                                        new LeasedLedger.Tally()));
        bench.awaitConnected();
        return bench;
    }

    static Bench redis(AtomicLong micros, TestRedis redis) {
        return redis(micros, redis, micros::get);
    }

    /** {@code scriptClock} is what Redis takes for the time; 0 for its own. */
    static Bench redis(AtomicLong micros, TestRedis redis, LongSupplier scriptClock) {
        return redis(micros, settings(redis.url(), 10_000, micros::get), scriptClock);
    }

    /** By the real time: this machine's, and Redis's own. */
    static Bench redis(String url, long deadlineMillis) {
        return redis(
                new AtomicLong(),
                settings(url, deadlineMillis, () -> System.currentTimeMillis() * 1_000),
                () -> 0);
    }

    static Bench redis(AtomicLong micros, RedisLedger.Settings settings, LongSupplier scriptClock) {
        AtomicLong sidecars = new AtomicLong();
        Bench bench =
                new Bench(
                        micros,
                        v ->
                                ledger(
                                        v,
                                        new RedisLedger.Settings(
                                                settings.sidecar() + sidecars.incrementAndGet(),
                                                settings.redis(),
                                                settings.deadlineMillis(),
                                                settings.epochMicros()),
                                        scriptClock));
        bench.awaitConnected();
        return bench;
    }

    private static Ledger ledger(Vertx vertx, RedisLedger.Settings settings, LongSupplier clock) {
        return settings.redis().getType() == RedisClientType.CLUSTER
                ? new ClusterLedger(vertx, settings, clock)
                : new RedisLedger(vertx, settings, clock);
    }

    static Bench unconnected(RedisLedger.Settings settings) {
        return new Bench(new AtomicLong(), v -> new RedisLedger(v, settings));
    }

    static RedisLedger.Settings settings(String url, long deadlineMillis, LongSupplier clock) {
        RedisOptions options = new RedisOptions().setConnectionString(url);
        return new RedisLedger.Settings("test", options, deadlineMillis, clock);
    }

    void awaitConnected() {
        for (Ledger ledger : ledgers) {
            Waiting.until(
                    "connected",
                    () -> ledger instanceof ClusterLedger c ? c.isWhole() : ledger.isUp());
        }
    }

    Ledger ledger(int number) {
        return ledgers.get(number);
    }

    <T> CompletableFuture<T> start(int number, Function<Ledger, Future<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        contexts.get(number)
                .runOnContext(v ->
                        call.apply(ledgers.get(number))
                                .onComplete(r -> {
                                    if (r.succeeded()) {
                                        done.complete(r.result());
                                    } else {
                                        done.completeExceptionally(r.cause());
                                    }
                                }));
        return done;
    }

    Decision reserve(String id, List<Claim> claims) {
        return reserve(new Reservation(id, claims, 60_000));
    }

    Decision reserve(Reservation reservation) {
        return get(start(0, l -> l.reserve(reservation)));
    }

    Decision.Granted granted(String id, List<Claim> claims) {
        return (Decision.Granted) reserve(id, claims);
    }

    void settle(Decision.Granted grant, Amounts actual) {
        get(
                start(
                        0,
                        l -> {
                            Future<Void> settled = l.settle(new Settlement(grant, actual));
                            return flush(l).compose(v -> settled);
                        }));
    }

    static Future<Void> flush(Ledger ledger) {
        return switch (ledger) {
            case RedisLedger redis -> redis.flush();
            case ClusterLedger cluster -> cluster.flush();
            default -> Future.succeededFuture();
        };
    }

    List<Standing> read(List<Claim> counters) {
        return readings(counters).stream().map(Reading::standing).toList();
    }

    List<Reading> readings(List<Claim> counters) {
        return get(start(0, l -> l.read(counters)));
    }

    List<Lease> sync(String holder, List<LeaseReport> reports) {
        return get(start(0, l -> ((Leasing) l).sync(holder, reports)));
    }

    void pass(Duration time) {
        micros.addAndGet(TimeUnit.NANOSECONDS.toMicros(time.toNanos()));
    }

    /** What kill -9 does to a sidecar. */
    void crash(int number) {
        get(
                start(
                        number,
                        l -> {
                            switch (l) {
                                case RedisLedger redis -> redis.abandon();
                                case ClusterLedger cluster -> cluster.abandon();
                                default -> {}
                            }
                            return Future.succeededFuture();
                        }));
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < LEDGERS; i++) {
            crash(i);
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
