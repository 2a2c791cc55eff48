package weir.ledger;

import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Standing;

/**
 * Limits counted in a Redis Cluster: one {@link RedisLedger} for each slot that is used, made when
 * it is, and this one over them. One ledger serves one event loop; all its slots share the links.
 *
 * <h2>Reserve</h2>
 *
 * <p>The keys of one script have to be in one slot, so a reservation is split by hash tag. A
 * tenant's limits share a tag, so most are one call, as atomic as on a stand-alone Redis. The parts
 * of others are sent at once, and if one refuses or fails, what the others granted is given back.
 * For that moment others may be refused for what nobody will use; nobody is ever admitted beyond a
 * limit, since everything is taken before anything goes on. Where a master is known to be away,
 * nothing is asked of the others.
 *
 * <p>The standings of a refusal are from before the giving back. Where a request stretches, each
 * slot grants as much money as it can; those that granted more than another are asked once more for
 * as little.
 *
 * <h2>Settle</h2>
 *
 * <p>Every slot has its own queue, order and acknowledgement: a master that is away delays what
 * belongs to it, and nothing else.
 *
 * <h2>Bounds</h2>
 *
 * <p>There are 16384 slots, so there are no more ledgers, of a few hundred bytes where idle.
 */
public final class ClusterLedger implements Leasing {
    private final Vertx vertx;
    private final RedisLedger.Settings settings;
    private final LongSupplier scriptClock;
    private final RedisCluster cluster;
    private final RecentPages memory;
    private final Map<Integer, RedisLedger> slots = new HashMap<>();

    /** Over all slots: a queue of its own for each of thousands would be no bound. */
    private int unsettled;

    /**
     * To be called on the event loop that the ledger is for; begins to connect, and goes on until
     * closed.
     */
    public ClusterLedger(Vertx vertx, RedisLedger.Settings settings) {
        this(vertx, settings, () -> 0);
    }

    /** For tests, as of {@link RedisLedger}. */
    ClusterLedger(Vertx vertx, RedisLedger.Settings settings, LongSupplier scriptClock) {
        this.vertx = vertx;
        this.settings = settings;
        this.scriptClock = scriptClock;
        this.memory = new RecentPages(vertx);
        this.cluster = new RedisCluster(vertx, settings.redis(), settings.circuits(vertx));
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        List<SlotPart<Claim>> parts = split(reservation.claims(), c -> c);
        if (unsettled >= SettleQueue.MAX_PENDING) {
            return Future.failedFuture(
                    new LedgerUnavailableException("too many settlements wait for Redis"));
        }
        if (!parts.stream().allMatch(p -> p.ledger().isUp())) {
            return Future.failedFuture(
                    new LedgerUnavailableException("a master of the cluster is away"));
        }
        if (parts.size() <= 1) {
            RedisLedger only = parts.isEmpty() ? slot(0) : parts.getFirst().ledger();
            return only.reserve(reservation);
        }
        List<Future<Decision>> asked =
                parts.stream()
                        .map(p -> p.ledger().reserve(reservation.withClaims(p.items())))
                        .toList();
        return Future.join(asked).transform(all -> decide(reservation, parts, asked));
    }

    private Future<Decision> decide(
            Reservation reservation, List<SlotPart<Claim>> parts, List<Future<Decision>> asked) {
        List<Decision.Granted> grants = granted(asked);
        if (grants.size() == parts.size()) {
            return level(reservation, parts, grants);
        }
        for (int i = 0; i < parts.size(); i++) {
            if (asked.get(i).result() instanceof Decision.Granted grant) {
                giveBack(parts.get(i), grant);
            }
        }
        for (Future<Decision> answer : asked) {
            if (answer.failed()) {
                return Future.failedFuture(answer.cause());
            }
        }
        List<List<Standing>> standings = asked.stream().map(a -> a.result().standings()).toList();
        return Future.succeededFuture(new Decision.Refused(SlotPart.merge(parts, standings)));
    }

    private static List<Decision.Granted> granted(List<Future<Decision>> asked) {
        return asked.stream()
                .map(Future::result)
                .filter(Decision.Granted.class::isInstance)
                .map(Decision.Granted.class::cast)
                .toList();
    }

    /** Takes the smallest amount of money that one granted from all others instead of theirs. */
    private Future<Decision> level(
            Reservation reservation, List<SlotPart<Claim>> parts, List<Decision.Granted> grants) {
        long smallest = grants.stream().flatMapToLong(ClusterLedger::money).min().orElse(0);
        List<Future<Decision>> levelled = new ArrayList<>();
        boolean level = true;
        for (int i = 0; i < parts.size(); i++) {
            Decision.Granted grant = grants.get(i);
            if (money(grant).allMatch(amount -> amount == smallest)) {
                levelled.add(Future.succeededFuture(grant));
            } else {
                level = false;
                giveBack(parts.get(i), grant);
                Reservation smaller = reservation.withMoney(parts.get(i).items(), smallest);
                levelled.add(parts.get(i).ledger().reserve(smaller));
            }
        }
        if (!level) {
            return Future.join(levelled).transform(all -> decide(reservation, parts, levelled));
        }
        return Future.succeededFuture(
                new Decision.Granted(
                        reservation,
                        SlotPart.merge(parts, grants.stream().map(Decision::standings).toList()),
                        grants.stream().mapToLong(Decision.Granted::atMillis).max().orElse(0)));
    }

    private static LongStream money(Decision.Granted grant) {
        return grant.standings().stream()
                .map(Standing::claim)
                .filter(Claim::isMoney)
                .mapToLong(Claim::amount);
    }

    /** At once, and not with the next batch: others are waiting for it. */
    private static void giveBack(SlotPart<Claim> part, Decision.Granted grant) {
        part.ledger().settle(new Settlement(grant, Amounts.NOTHING));
        part.ledger().flush();
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        Decision.Granted grant = settlement.grant();
        List<Future<Void>> settled =
                split(grant.standings(), Standing::claim).stream()
                        .map(p ->
                                p.ledger()
                                        .settle(
                                                new Settlement(
                                                        grant.withStandings(p.items()),
                                                        settlement.actual())))
                        .toList();
        unsettled++;
        return Future.join(settled).<Void>mapEmpty().onComplete(done -> unsettled--);
    }

    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        List<Future<Entrusted>> parts =
                split(grant.onlyMoney().standings(), Standing::claim).stream()
                        .map(p -> p.ledger().entrust(grant.withStandings(p.items())))
                        .toList();
        return Future.join(parts).map(all -> Entrusted.of(grant));
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return each(entrusted, RedisLedger::hold);
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return each(entrusted, (slot, part) -> slot.settle(part, nanoUsd));
    }

    private Future<Void> each(
            Entrusted entrusted, BiFunction<RedisLedger, Entrusted, Future<Void>> call) {
        List<Future<Void>> parts = new ArrayList<>();
        for (Entrusted.Held held : entrusted.held()) {
            parts.add(call.apply(slot(HashSlot.of(held.tag())), entrusted.only(held)));
        }
        return Future.join(parts).mapEmpty();
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        List<SlotPart<Claim>> parts = split(counters, c -> c);
        List<Future<List<Reading>>> asked =
                parts.stream().map(p -> p.ledger().read(p.items())).toList();
        return Future.join(asked)
                .map(all -> SlotPart.merge(parts, asked.stream().map(Future::result).toList()));
    }

    @Override
    public int shard(Claim counter) {
        return HashSlot.of(KeySpace.tag(counter));
    }

    @Override
    public Future<List<Optional<Lease>>> sync(String holder, List<LeaseReport> reports) {
        return slot(shard(reports.getFirst().counter())).sync(holder, reports);
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return slot(shard(crossing.standing().claim())).announce(crossing);
    }

    /** Whether any master can be reached; what needs another one fails by itself. */
    @Override
    public boolean isUp() {
        return cluster.isConnected();
    }

    @Override
    public int pendingSettlements() {
        return slots.values().stream().mapToInt(RedisLedger::pendingSettlements).sum();
    }

    @Override
    public Future<Void> close() {
        return all(RedisLedger::close).andThen(done -> cluster.close());
    }

    /** For tests: whether every slot has a master that can be reached. */
    boolean isWhole() {
        return cluster.isWhole();
    }

    /** For tests, as of {@link RedisLedger}. */
    Future<Void> flush() {
        return all(RedisLedger::flush);
    }

    /** For tests, as of {@link RedisLedger}. */
    void abandon() {
        slots.values().forEach(RedisLedger::abandon);
        cluster.close();
    }

    private Future<Void> all(Function<RedisLedger, Future<Void>> call) {
        CompositeFuture all = Future.join(slots.values().stream().map(call).toList());
        return all.mapEmpty();
    }

    private RedisLedger slot(int number) {
        return slots.computeIfAbsent(
                number,
                n -> new RedisLedger(vertx, settings, cluster.slot(n), memory, scriptClock));
    }

    private <T> List<SlotPart<T>> split(List<T> items, Function<T, Claim> counter) {
        Map<RedisLedger, SlotPart<T>> parts = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            SlotPart<T> part =
                    parts.computeIfAbsent(
                            slot(shard(counter.apply(items.get(i)))),
                            l -> new SlotPart<>(l, new ArrayList<>(), new ArrayList<>()));
            part.items().add(items.get(i));
            part.places().add(i);
        }
        return List.copyOf(parts.values());
    }
}
