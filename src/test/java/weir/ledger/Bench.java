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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.redis.TestRedis;

/** Three ledgers over one store, under a clock that tests set, called from any thread. */
final class Bench implements AutoCloseable {
    static final int LEDGERS = 3;

    /** So long that only an outage is late. */
    private static final long DEADLINE_MILLIS = 10_000;

    /** A Friday, well inside an hour. */
    static final long START_MICROS =
            Instant.parse("2026-11-27T10:20:30.123456Z").toEpochMilli() * 1_000;

    private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());

    /** Counters of one bench never meet those of another. */
    final String run = "run" + RUNS.incrementAndGet();

    final AtomicLong micros;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Leasing> stores = new ArrayList<>();
    private final List<Context> contexts = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    private Bench(AtomicLong micros, Function<Vertx, Made> make) {
        this.micros = micros;
        for (int i = 0; i < LEDGERS; i++) {
            Context context = vertx.getOrCreateContext();
            contexts.add(context);
            CompletableFuture<Made> made = new CompletableFuture<>();
            context.runOnContext(v -> made.complete(make.apply(vertx)));
            ledgers.add(get(made).ledger());
            stores.add(get(made).store());
        }
    }

    /** What is asked, and what it asks. */
    private record Made(Ledger ledger, Leasing store) {
        static Made exact(Leasing store) {
            return new Made(store, store);
        }

        static Made leased(Leasing store, Scheduler scheduler, long deadlineMillis) {
            String name = "holder" + RUNS.incrementAndGet();
            LeasedLedger.Tally tally = new LeasedLedger.Tally();
            return new Made(new LeasedLedger(store, scheduler, name, deadlineMillis, tally), store);
        }
    }

    static Bench inProcess(AtomicLong micros) {
        InProcessLedger ledger = new InProcessLedger(micros::get);
        return new Bench(micros, v -> Made.exact(ledger));
    }

    /** One lease holder each, over one ledger in process. */
    static Bench leased(AtomicLong micros, InProcessLedger ledger) {
        return new Bench(
                micros,
                v ->
                        Made.leased(
                                ledger,
                                new BenchScheduler(v, micros, micros::get),
                                DEADLINE_MILLIS));
    }

    /** One lease holder each, over Redis. */
    static Bench leased(AtomicLong micros, TestRedis redis) {
        return leased(micros, settings(redis.url(), DEADLINE_MILLIS, micros::get), micros::get);
    }

    static Bench redis(AtomicLong micros, TestRedis redis) {
        return redis(micros, redis, micros::get);
    }

    /** {@code scriptClock} is what Redis takes for the time; 0 for its own. */
    static Bench redis(AtomicLong micros, TestRedis redis, LongSupplier scriptClock) {
        return redis(micros, settings(redis.url(), DEADLINE_MILLIS, micros::get), scriptClock);
    }

    /** By the real time: this machine's, and Redis's own. */
    static Bench redis(String url, long deadlineMillis) {
        return real(url, deadlineMillis, false);
    }

    /** The same, where one lease holder each may stand before it. */
    static Bench real(String url, long deadlineMillis, boolean leased) {
        return real(settings(url, deadlineMillis, Bench::realMicros), leased);
    }

    static Bench real(RedisLedger.Settings settings, boolean leased) {
        AtomicLong passed = new AtomicLong();
        return leased ? leased(passed, settings, () -> 0) : redis(passed, settings, () -> 0);
    }

    static long realMicros() {
        return System.currentTimeMillis() * 1_000;
    }

    static Bench redis(AtomicLong micros, RedisLedger.Settings settings, LongSupplier scriptClock) {
        return connected(micros, settings, scriptClock, (v, store) -> Made.exact(store));
    }

    static Bench leased(
            AtomicLong micros, RedisLedger.Settings settings, LongSupplier scriptClock) {
        return connected(
                micros,
                settings,
                scriptClock,
                (v, store) ->
                        Made.leased(
                                store,
                                new BenchScheduler(v, micros, settings.epochMicros()),
                                settings.deadlineMillis()));
    }

    private static Bench connected(
            AtomicLong micros,
            RedisLedger.Settings settings,
            LongSupplier scriptClock,
            BiFunction<Vertx, Leasing, Made> wrap) {
        AtomicLong sidecars = new AtomicLong();
        Bench bench =
                new Bench(
                        micros,
                        v ->
                                wrap.apply(
                                        v,
                                        store(
                                                v,
                                                named(settings, sidecars.incrementAndGet()),
                                                scriptClock)));
        bench.awaitConnected();
        return bench;
    }

    private static RedisLedger.Settings named(RedisLedger.Settings settings, long number) {
        return new RedisLedger.Settings(
                settings.sidecar() + number,
                settings.redis(),
                settings.deadlineMillis(),
                settings.epochMicros());
    }

    private static Leasing store(Vertx vertx, RedisLedger.Settings settings, LongSupplier clock) {
        return settings.redis().getType() == RedisClientType.CLUSTER
                ? new ClusterLedger(vertx, settings, clock)
                : new RedisLedger(vertx, settings, clock);
    }

    static Bench unconnected(RedisLedger.Settings settings) {
        return new Bench(new AtomicLong(), v -> Made.exact(new RedisLedger(v, settings)));
    }

    static RedisLedger.Settings settings(String url, long deadlineMillis, LongSupplier clock) {
        RedisOptions options = new RedisOptions().setConnectionString(url);
        return new RedisLedger.Settings("test", options, deadlineMillis, clock);
    }

    void awaitConnected() {
        for (Leasing store : stores) {
            Waiting.until(
                    "connected",
                    () -> store instanceof ClusterLedger c ? c.isWhole() : store.isUp());
        }
    }

    /** Of the event loop that asks for time. */
    Scheduler scheduler() {
        return new BenchScheduler(vertx, micros, micros::get);
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
                            return flush(stores.getFirst()).compose(v -> settled);
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
        return get(start(0, l -> ((Leasing) l).sync(holder, reports).map(Bench::all)));
    }

    private static List<Lease> all(List<Optional<Lease>> leases) {
        return leases.stream().map(Optional::orElseThrow).toList();
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
                            switch (stores.get(number)) {
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
