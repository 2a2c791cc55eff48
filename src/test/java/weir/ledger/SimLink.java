package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Crossing;

/**
 * One sidecar's way to the ledger. Questions and answers take their time, get lost, come twice and
 * overtake each other; what is not answered within the deadline has failed for the sidecar, and may
 * have happened all the same. Settlements are sent until they arrive.
 */
final class SimLink implements Ledger, Leasing {
    private static final long DEADLINE_MICROS = 50_000;
    private static final long RESEND_MICROS = 100_000;

    /**
     * What goes wrong, each in parts of ten thousand.
     *
     * @param late takes up to some seconds, as what is stuck in a connection that is given up does
     */
    record Faults(int lost, int twice, int late) {
        static final Faults NONE = new Faults(0, 0, 0);
        static final Faults MANY = new Faults(200, 100, 100);
    }

    private final SimTime time;
    private final Random random;
    private final Supplier<InProcessLedger> store;
    private final Faults faults;
    private long cutUntilMicros;
    private int unsettled;

    /** When the ledger last gave an answer that came. */
    long heardMicros;

    /** When it answered again after the life of a lease without an answer; 0 for never. */
    long backMicros;

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
        this.heardMicros = time.micros();
    }

    /** Nothing gets through for so long. */
    void cut(long forMicros) {
        cutUntilMicros = time.micros() + forMicros;
    }

    private boolean isCut() {
        return time.micros() < cutUntilMicros;
    }

    private boolean happens(int inTenThousand) {
        return random.nextInt(10_000) < inTenThousand;
    }

    private long latencyMicros() {
        return happens(faults.late()) ? random.nextLong(3_000_000) : 100 + random.nextLong(400);
    }

    private <T> Future<T> ask(Function<InProcessLedger, Future<T>> question) {
        Promise<T> answer = Promise.promise();
        ask(question, answer, happens(faults.twice()) ? 2 : 1);
        return answer.future();
    }

    private <T> void ask(
            Function<InProcessLedger, Future<T>> question, Promise<T> answer, int times) {
        asked++;
        time.after(DEADLINE_MICROS, () -> inbox.accept(() -> answer.tryFail(tooLate())));
        for (int i = 0; i < times; i++) {
            if (!happens(faults.lost())) {
                time.after(latencyMicros(), () -> arrives(question, answer));
            }
        }
    }

    private static LedgerUnavailableException tooLate() {
        return new LedgerUnavailableException("no answer in time");
    }

    private <T> void arrives(Function<InProcessLedger, Future<T>> question, Promise<T> answer) {
        if (isCut()) {
            return;
        }
        Future<T> said = question.apply(store.get());
        long servedMicros = time.micros();
        if (!happens(faults.lost())) {
            time.after(
                    latencyMicros(),
                    () -> {
                        if (!isCut()) {
                            inbox.accept(() -> returns(said, answer, servedMicros));
                        }
                    });
        }
    }

    private <T> void returns(Future<T> said, Promise<T> answer, long servedMicros) {
        if (!answer.future().isComplete()) {
            if (servedMicros - heardMicros >= Lease.MILLIS * 1_000) {
                backMicros = servedMicros;
            }
            heardMicros = Math.max(heardMicros, servedMicros);
            said.onComplete(answer);
        }
    }

    @Override
    public Future<List<Lease>> sync(String holder, List<LeaseReport> reports) {
        return ask(ledger -> ledger.sync(holder, reports));
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        Promise<Decision> answer = Promise.promise();
        ask(
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
                answer,
                1);
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
        if (isCut() || happens(faults.lost())) {
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
    public Future<List<Reading>> read(List<Claim> counters) {
        return ask(ledger -> ledger.read(counters));
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return store.get().announce(crossing);
    }

    @Override
    public boolean isUp() {
        return !isCut();
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
