package weir.ledger;

import static weir.ledger.ClaimCodec.keysWithLeases;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Meter;
import weir.limit.Standing;

/**
 * Limits counted in Redis, shared by all sidecars. A ledger has one event loop and one connection.
 *
 * <h2>Reserve</h2>
 *
 * One script call, whatever the number of claims; Redis runs one script at a time, so checking and
 * taking are one step over all sidecars. (On Redis Cluster there is one such ledger for each slot,
 * see {@link ClusterLedger}.) Redis's clock counts. Only the window of a budget is worked out here,
 * because Lua knows no time zones: the script says if it is not the present one and what time it
 * is, this ledger corrects its clock by that and asks once more.
 *
 * <h2>Nothing leaks</h2>
 *
 * A reservation that is not answered within the deadline has failed for its caller, but Redis may
 * grant it all the same. If the answer comes late, a grant is given back; if it never comes, what
 * carries the reservation's id is let go as soon as Redis can be reached. If even that is lost,
 * with this process, the hold runs out and ends as a charge.
 *
 * <h2>Nothing is lost</h2>
 *
 * Settlements are kept, also for a while after Redis has acknowledged them, see {@link
 * SettleQueue}; what is held is told again where Redis may have forgotten it, see {@link Reminder}.
 */
public final class RedisLedger implements Leasing {
    private static final long GRANTED = 0;

    private final Settings settings;
    private final LongSupplier scriptClock;
    private final Shard shard;
    private final SettleQueue settlements;
    private final Awaited awaited;
    private final OpenGrants open = new OpenGrants();
    private final Leaving leaving = new Leaving();
    private final Reminder reminder;
    private final Questions questions;
    private boolean closing;

    /**
     * How to reach Redis.
     *
     * @param sidecar a name for this process in Redis's keys; the ledger adds what makes it unique
     * @param deadlineMillis after which a reservation has failed, at least 1
     * @param epochMicros this machine's clock, in microseconds since the epoch
     */
    public record Settings(
            String sidecar, RedisOptions redis, long deadlineMillis, LongSupplier epochMicros) {
        public static final long DEFAULT_DEADLINE_MILLIS = 50;

        /** Gives one for each connection. */
        Supplier<Circuit> circuits(Vertx vertx) {
            long deadlineMicros = TimeUnit.MILLISECONDS.toMicros(deadlineMillis);
            return () -> new Circuit(deadlineMicros, new AttentiveClock(vertx, epochMicros));
        }
    }

    /**
     * To be called on the event loop that the ledger is for; begins to connect, and goes on until
     * closed.
     */
    public RedisLedger(Vertx vertx, Settings settings) {
        this(vertx, settings, () -> 0);
    }

    /** For tests; where not 0, scripts take {@code scriptClock} for the time in microseconds. */
    RedisLedger(Vertx vertx, Settings settings, LongSupplier scriptClock) {
        this(
                vertx,
                settings,
                new RedisLink(vertx, settings.redis(), settings.circuits(vertx)),
                new RecentPages(vertx),
                scriptClock);
    }

    /** Of the counters of one shard. */
    RedisLedger(
            Vertx vertx,
            Settings settings,
            Shard shard,
            RecentPages memory,
            LongSupplier scriptClock) {
        this.settings = settings;
        this.scriptClock = scriptClock;
        this.awaited = new Awaited(vertx, settings.deadlineMillis());
        this.shard = shard;
        this.settlements =
                new SettleQueue(
                        vertx,
                        shard,
                        memory,
                        settings.sidecar() + "." + UUID.randomUUID(),
                        scriptClock);
        this.reminder = new Reminder(vertx, shard, settlements, open);
        this.questions = new Questions(shard, scriptClock, settings.epochMicros());
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        String obstacle = obstacle();
        if (obstacle != null) {
            return Future.failedFuture(new LedgerUnavailableException(obstacle));
        }
        try {
            open.requireNew(reservation);
            Questions.Question question =
                    questions.about(
                            Script.RESERVE,
                            reservation.claims(),
                            reservation.admittedMillis(),
                            p -> ClaimCodec.reserve(reservation, p));
            return awaited.inTime(
                    leaving.done(reservation.id()).compose(v -> ask(reservation, question)),
                    this::giveBack);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Decision> ask(Reservation reservation, Questions.Question question) {
        String id = reservation.id();
        return leaving.add(
                id,
                question.ask()
                        .map(answer -> decision(reservation, question, answer))
                        .compose(first -> again(reservation, question, first))
                        .onFailure(e -> end(id, Correction.ofUnknown(id, question.places()))));
    }

    /**
     * Settlements are gathered, so Redis may not know yet of slots that have become free here. Who
     * would be refused for them has taken nothing, and is asked for once more behind them.
     */
    private Future<Decision> again(
            Reservation reservation, Questions.Question question, Decision first) {
        if (first instanceof Decision.Refused
                && settlements.freesSlots()
                && isShortOfSlots(first)) {
            settlements.flush();
            return question.ask().map(answer -> decision(reservation, question, answer));
        }
        return Future.succeededFuture(first);
    }

    private static boolean isShortOfSlots(Decision refused) {
        return refused.standings().stream()
                .anyMatch(s -> s.refuses() && s.claim().meter() instanceof Meter.Concurrency);
    }

    private Future<Void> end(String id, List<Correction> corrections) {
        return leaving.add(id, settlements.add(corrections));
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        if (!settlement.grant().backed()) {
            return settlements.owe(Correction.of(settlement));
        }
        String id = settlement.grant().reservation().id();
        boolean known = open.remove(id, questions.nowMillis());
        return known ? end(id, Correction.of(settlement)) : Future.succeededFuture();
    }

    /** Of one that leases have granted Redis knows nothing yet. */
    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        if (!grant.backed()) {
            return Future.failedFuture(new LedgerUnavailableException("nobody has counted it"));
        }
        if (!open.knows(grant.reservation().id())) {
            open.add(grant.onlyMoney(), questions.nowMillis());
        }
        Entrusted money = Entrusted.of(grant);
        return hold(money).map(v -> money);
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return settlements.add(Correction.ofHeld(entrusted));
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        open.remove(entrusted.id(), questions.nowMillis());
        long forgotten = entrusted.deadlineMillis() + Lifetimes.REMEMBER_MILLIS;
        return questions.nowMillis() < forgotten
                ? settlements.add(Correction.ofEntrusted(entrusted, nanoUsd))
                : Future.succeededFuture();
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        if (!shard.isReady()) {
            return Future.failedFuture(new LedgerUnavailableException("Redis is away or slow"));
        }
        try {
            Questions.Question question =
                    questions.about(Script.READ, counters, Reservation.NOW, LeaseCodec::read);
            return awaited.inTime(
                    question.ask().map(r -> LeaseCodec.readings(question.places(), r)), late -> {});
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }

    /** A report says which window it means, so none is ever the wrong one. */
    @Override
    public Future<List<Optional<Lease>>> sync(String holder, List<LeaseReport> reports) {
        if (!shard.isReady()) {
            return Future.failedFuture(new LedgerUnavailableException("Redis is away or slow"));
        }
        List<Place> places = LeaseCodec.places(reports);
        List<Object> args = new ArrayList<>();
        args.add(Long.toString(scriptClock.getAsLong()));
        args.addAll(LeaseCodec.sync(holder, reports, places));
        return awaited.inTime(
                shard.run(Script.SYNC, keysWithLeases(places), args)
                        .map(answer -> LeaseCodec.leases(places, answer)),
                late -> {});
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        Announcement told = new Announcement(crossing, settings.sidecar());
        return awaited.inTime(told.ask(shard, scriptClock.getAsLong()), late -> {});
    }

    @Override
    public boolean isUp() {
        return shard.isReady();
    }

    @Override
    public int pendingSettlements() {
        return settlements.size();
    }

    @Override
    public Future<Void> close() {
        closing = true;
        return awaited.idle().compose(v -> settlements.drain()).andThen(done -> abandon());
    }

    /** Sends settlements without waiting for more, and completes when all are acknowledged. */
    Future<Void> flush() {
        return settlements.drain();
    }

    /** Stops as a crash would. */
    void abandon() {
        closing = true;
        reminder.stop();
        shard.close();
    }

    private @Nullable String obstacle() {
        if (closing) {
            return "the ledger is closed";
        }
        if (settlements.isFull()) {
            return "too many settlements wait for Redis";
        }
        return shard.isReady() ? null : "Redis is away, or slow, or too much is in flight";
    }

    private Decision decision(Reservation reservation, Questions.Question question, long[] answer) {
        List<Standing> standings = ClaimCodec.standings(question.places(), answer);
        if (answer[0] != GRANTED) {
            return new Decision.Refused(standings);
        }
        Decision.Granted grant = new Decision.Granted(reservation, standings, answer[1] / 1_000);
        open.add(grant, questions.nowMillis());
        return grant;
    }

    private void giveBack(Decision late) {
        if (late instanceof Decision.Granted grant) {
            settle(new Settlement(grant, Amounts.NOTHING));
        }
    }
}
