package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Crossing;

/**
 * One sidecar's way to the ledger. Questions and answers take their time, get lost, come twice and
 * overtake each other; what is not answered within the deadline has failed for the sidecar, and may
 * have happened all the same. Settlements are sent until they arrive.
 */
final class SimLink implements Leasing {
    static final long DEADLINE_MILLIS = 50;
    private static final long DEADLINE_MICROS = DEADLINE_MILLIS * 1_000;
    private static final long RESEND_MICROS = 100_000;

    /**
     * What goes wrong, each in parts of ten thousand.
     *
     * @param late takes up to some seconds, as what is stuck in a connection that is given up does
     * @param shards so many parts of the ledger are asked, and fail, each by itself
     */
    record Faults(int lost, int twice, int late, int shards) {
        static final Faults NONE = new Faults(0, 0, 0, 1);
        static final Faults MANY = new Faults(200, 100, 100, 1);
        static final Faults SHARDED = new Faults(200, 100, 100, 3);
    }

    private final SimTime time;
    private final Random random;
    private final Supplier<InProcessLedger> store;
    private final Faults faults;
    private final long[] cutUntilMicros;

    /** When each part of the ledger last gave an answer that came. */
    private final long[] heardMicros;

    /** When it answered again after the life of a lease without an answer; 0 for never. */
    private final long[] backMicros;

    private int unsettled;

    /** Is told what the ledger itself has granted, when it does. */
    Consumer<Decision.Granted> served = grant -> {};

    Consumer<Decision.Granted> givenBack = grant -> {};

    /** Runs what the sidecar is told, once it is awake. */
    Consumer<Runnable> inbox = Runnable::run;

    /** Runs what the sidecar does by itself, once it is awake; also for one that is dead. */
    Consumer<Runnable> outbox = Runnable::run;

    /** How many questions the ledger was asked, settlements not among them. */
    long asked;

    long settlements;

    SimLink(SimTime time, Random random, Supplier<InProcessLedger> store, Faults faults) {
        this.time = time;
        this.random = random;
        this.store = store;
        this.faults = faults;
        this.cutUntilMicros = new long[faults.shards()];
        this.backMicros = new long[faults.shards()];
        this.heardMicros = new long[faults.shards()];
        Arrays.fill(heardMicros, time.micros());
    }

    /** Nothing gets through for so long. */
    void cut(long forMicros) {
        Arrays.fill(cutUntilMicros, time.micros() + forMicros);
    }

    /** Nothing of one part of the ledger gets through for so long. */
    void cut(int shard, long forMicros) {
        cutUntilMicros[shard] = time.micros() + forMicros;
    }

    private boolean isCut(List<Integer> shards) {
        return shards.stream().anyMatch(s -> time.micros() < cutUntilMicros[s]);
    }

    private List<Integer> all() {
        return IntStream.range(0, faults.shards()).boxed().toList();
    }

    /** Whether the ledger of this counter was never silent for the life of a lease since then. */
    boolean isConnectedSince(Claim counter, long sinceMicros) {
        int shard = shard(counter);
        return time.micros() - heardMicros[shard] < Lease.MILLIS * 1_000
                && sinceMicros >= backMicros[shard];
    }

    private boolean happens(int inTenThousand) {
        return random.nextInt(10_000) < inTenThousand;
    }

    private long latencyMicros() {
        return happens(faults.late()) ? random.nextLong(3_000_000) : 100 + random.nextLong(400);
    }

    /**
     * A question that is answered if all these parts of the ledger can be reached.
     *
     * @param put it may arrive again
     */
    private record Question<T>(
            List<Integer> shards, Function<InProcessLedger, Future<T>> put, Promise<T> answer) {}

    private <T> Future<T> ask(List<Integer> shards, Function<InProcessLedger, Future<T>> put) {
        Promise<T> answer = Promise.promise();
        ask(new Question<>(shards, put, answer), happens(faults.twice()) ? 2 : 1);
        return answer.future();
    }

    private void ask(Question<?> question, int times) {
        asked++;
        time.after(DEADLINE_MICROS, () -> inbox.accept(() -> question.answer().tryFail(tooLate())));
        for (int i = 0; i < times; i++) {
            if (!happens(faults.lost())) {
                time.after(latencyMicros(), () -> arrives(question));
            }
        }
    }

    private static LedgerUnavailableException tooLate() {
        return new LedgerUnavailableException("no answer in time");
    }

    private <T> void arrives(Question<T> question) {
        if (isCut(question.shards())) {
            return;
        }
        Future<T> said = question.put().apply(store.get());
        long servedMicros = time.micros();
        if (!happens(faults.lost())) {
            time.after(
                    latencyMicros(),
                    () -> {
                        if (!isCut(question.shards())) {
                            inbox.accept(() -> returns(said, question, servedMicros));
                        }
                    });
        }
    }

    private <T> void returns(Future<T> said, Question<T> question, long servedMicros) {
        if (question.answer().future().isComplete()) {
            return;
        }
        for (int shard : question.shards()) {
            if (servedMicros - heardMicros[shard] >= Lease.MILLIS * 1_000) {
                backMicros[shard] = servedMicros;
            }
            heardMicros[shard] = Math.max(heardMicros[shard], servedMicros);
        }
        said.onComplete(question.answer());
    }

    @Override
    public int shard(Claim counter) {
        String name = counter.limit().name() + counter.meter().unit().word();
        return Math.floorMod(name.hashCode(), faults.shards());
    }

    @Override
    public Future<List<Optional<Lease>>> sync(String holder, List<LeaseReport> reports) {
        int shard = shard(reports.getFirst().counter());
        return ask(List.of(shard), ledger -> ledger.sync(holder, reports));
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        Promise<Decision> answer = Promise.promise();
        Question<Decision> question =
                new Question<>(
                        all(),
                        ledger -> {
                            Future<Decision> decision = ledger.reserve(reservation);
                            if (decision.result() instanceof Decision.Granted grant) {
                                served.accept(grant);
                                time.after(
                                        2 * DEADLINE_MICROS,
                                        () -> outbox.accept(() -> checkTaken(grant, answer)));
                            }
                            return decision;
                        },
                        answer);
        ask(question, 1);
        return answer.future();
    }

    /** What was granted too late, or to nobody, is given back. */
    private void checkTaken(Decision.Granted grant, Promise<Decision> answer) {
        if (!answer.future().succeeded()) {
            givenBack.accept(grant);
            settle(new Settlement(grant, Amounts.NOTHING));
        }
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        unsettled++;
        settlements++;
        Promise<Void> done = Promise.promise();
        send(settlement, done);
        return done.future();
    }

    private void send(Settlement settlement, Promise<Void> done) {
        if (isCut(all()) || happens(faults.lost())) {
            time.after(RESEND_MICROS, () -> send(settlement, done));
            return;
        }
        time.after(
                100 + random.nextLong(400),
                () -> {
                    unsettled--;
                    store.get().settle(settlement).onComplete(done);
                });
    }

    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        return store.get().entrust(grant);
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return store.get().hold(entrusted);
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return store.get().settle(entrusted, nanoUsd);
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        return ask(all(), ledger -> ledger.read(counters));
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return store.get().announce(crossing);
    }

    @Override
    public boolean isUp() {
        return all().stream().anyMatch(s -> !isCut(List.of(s)));
    }

    @Override
    public int pendingSettlements() {
        return unsettled;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
