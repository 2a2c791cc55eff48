package weir.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.ledger.JobBook;
import weir.observe.JobRecord;
import weir.provider.Job;
import weir.provider.UsageReader;

/**
 * One piece of work that goes on at a provider, as one sidecar sees to it. Stays on one event loop,
 * the one it was made on.
 */
final class RunningJob {
    private static final long FIRST_MILLIS = 500;
    private static final long MAX_MILLIS = 30_000;

    /** Between two questions, however often callers ask. */
    private static final long LEAST_MILLIS = 250;

    /** Work that takes longer than this outlives its sidecar; most predictions are over before. */
    private static final long NOTED_AFTER_MILLIS = 5_000;

    /** Ahead of the reservation's end, so that it is settled and does not expire. */
    private static final long MARGIN_MILLIS = 60_000;

    /** Times in a row that the provider may know nothing of the work, or not be reached. */
    private static final int MAX_FAILURES = 20;

    private static final long HAND_OVER_MILLIS = 500;
    private static final long AGAIN_MILLIS = 1_000;

    private final Jobs jobs;
    private final Lane lane;
    private final Work work;
    private final JobBook.Name name;

    private final Stake stake;
    private final JobNote note;

    /** Whether the work was another sidecar's. */
    private final boolean taken;

    /** What to ask for next. */
    private Job job;

    private final Context context;
    private final Vertx vertx;
    private long timer;
    private long pauseMillis = FIRST_MILLIS;
    private long askedNanos;
    private int failures;
    private boolean asking;

    private Future<Void> ending = Future.succeededFuture();

    /** Once it is known. */
    private @Nullable Charge owed;

    private boolean handingOver;
    private boolean over;

    /** Work that this sidecar began. */
    RunningJob(Jobs jobs, Lane lane, Work work, @Nullable Hold hold) {
        this(jobs, lane, work, new Stake(lane, hold));
    }

    /** Work that another sidecar began. */
    RunningJob(Jobs jobs, Lane lane, WorkNote note) {
        this(jobs, lane, note.work(), new Stake(lane, note.entrusted()));
    }

    private RunningJob(Jobs jobs, Lane lane, Work work, Stake stake) {
        this.jobs = jobs;
        this.lane = lane;
        this.work = work;
        this.name = work.name();
        this.stake = stake;
        this.taken = stake.isEntrusted();
        this.job = work.job();
        this.vertx = lane.vertx();
        this.context = vertx.getOrCreateContext();
        this.note = new JobNote(jobs.book(), work, stake, context);
        this.askedNanos = lane.nanos();
    }

    JobBook.Name name() {
        return name;
    }

    /** Whether other sidecars know of it; may be asked on any thread. */
    boolean isNoted() {
        return note.isKept();
    }

    /** Nobody will see to it: charged at its worst case. */
    void refuse() {
        settle(work.unanswered(lane.now()));
    }

    void begin() {
        askIn(FIRST_MILLIS);
    }

    /** A caller has asked; may be called on any thread. */
    void asked() {
        context.runOnContext(v -> {
            long since = TimeUnit.NANOSECONDS.toMillis(lane.nanos() - askedNanos);
            if (!over && !asking) {
                askIn(Math.max(1, LEAST_MILLIS - since));
            }
        });
    }

    private void askIn(long millis) {
        vertx.cancelTimer(timer);
        timer = over ? 0 : vertx.setTimer(millis, t -> ask());
    }

    private void ask() {
        if (over || asking) {
            return;
        }
        asking = true;
        askedNanos = lane.nanos();
        work.ask(lane, job)
                .onComplete(answer -> {
                    asking = false;
                    if (!over && !handingOver) {
                        told(answer.succeeded() ? answer.result() : null);
                    }
                });
    }

    private void told(@Nullable UsageReader reader) {
        failures = reader == null ? failures + 1 : 0;
        Job next = reader == null ? job : reader.job();
        if (reader != null && next == null) {
            end(work.charge(reader.report(), lane.now()));
        } else if (isOld() || (failures > MAX_FAILURES && !taken)) {
            end(work.unanswered(lane.now()));
        } else if (failures > MAX_FAILURES) {
            over = true;
            jobs.giveUp(this);
        } else if (next != null && next.readAs() != null && !next.readAs().equals(job.readAs())) {
            job = next;
            askIn(1);
        } else {
            pauseMillis = Math.min(MAX_MILLIS, pauseMillis * 3 / 2);
            askIn(pauseMillis);
            if (lane.now().toEpochMilli() - work.beganMillis() > NOTED_AFTER_MILLIS) {
                note();
            }
        }
    }

    private boolean isOld() {
        return lane.now().toEpochMilli() + MAX_MILLIS > work.endsMillis() - MARGIN_MILLIS;
    }

    private void note() {
        note.keep()
                .onSuccess(own -> {
                    if (!own) {
                        leave();
                    }
                });
    }

    /** Redis has lost what it was told. */
    void forgotten() {
        context.runOnContext(v -> {
            if (!over) {
                note.forgotten();
            }
        });
    }

    /** Another sidecar sees to it from now on. */
    void lost() {
        context.runOnContext(v -> leave());
    }

    private void end(Charge charge) {
        owed = charge;
        asking = true;
        strikeOut(charge);
    }

    /** Whoever strikes it out settles it; asked until there is an answer. */
    private void strikeOut(Charge charge) {
        Promise<Void> answered = Promise.promise();
        ending = answered.future();
        note.strikeOut()
                .onSuccess(own -> {
                    if (own) {
                        settle(charge);
                    } else {
                        leave();
                    }
                })
                .onFailure(unknown -> {
                    if (!over) {
                        timer = vertx.setTimer(AGAIN_MILLIS, t -> strikeOut(charge));
                    }
                })
                .onComplete(any -> answered.complete());
    }

    private void settle(Charge charge) {
        if (!over) {
            stop();
            stake.settle(charge.amounts());
            JobRecord record = work.record(charge, lane.now().toEpochMilli());
            lane.metrics().jobEnded(record);
            lane.log().job(record);
        }
    }

    /** Others may see to it; what is held stays held. */
    private void leave() {
        if (!over) {
            stop();
            stake.leave(work.demand().worst());
        }
    }

    /**
     * Lets another sidecar see to it at once; where none can, it is charged at its worst case. May
     * be called on any thread.
     */
    Future<Void> handOver() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            Promise<Boolean> known = Promise.promise();
            long late = vertx.setTimer(HAND_OVER_MILLIS, t -> known.tryFail("no answer"));
            handingOver = true;
            ended().compose(e -> note.keep())
                    .onSuccess(known::tryComplete)
                    .onFailure(known::tryFail);
            known.future()
                    .onComplete(any -> vertx.cancelTimer(late))
                    .transform(any -> handedOver())
                    .onComplete(done);
        });
        return done.future();
    }

    /** What it owes is settled first, if it is known. */
    private Future<Void> ended() {
        if (owed != null && ending.isComplete() && !over) {
            vertx.cancelTimer(timer);
            strikeOut(owed);
        }
        return ending;
    }

    /** Where somebody may know of it, what is held is charged when it expires. */
    private Future<Void> handedOver() {
        if (over) {
            return Future.succeededFuture();
        }
        if (!note.isShared()) {
            settle(work.unanswered(lane.now()));
            return Future.succeededFuture();
        }
        leave();
        return note.leave();
    }

    private void stop() {
        over = true;
        vertx.cancelTimer(timer);
        jobs.ended(this);
    }
}
