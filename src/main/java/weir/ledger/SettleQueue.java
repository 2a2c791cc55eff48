package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Settlements on their way to Redis: in order, in batches, one batch at a time, each kept until
 * Redis has acknowledged it.
 *
 * <p>Exactly once, because a settlement has a sequence number, and Redis remembers under each hash
 * tag the highest that it has applied for this queue. A batch whose answer was lost is sent again
 * and passed over. That needs order, hence one batch in flight; a batch takes all that came
 * meanwhile, so a busy queue needs few.
 *
 * <p>An acknowledgement is the word of one server. Replication is asynchronous, so a replica that
 * is promoted may lack what was acknowledged, and a server that keeps nothing on disk comes back
 * empty. So what was acknowledged lately is kept too, and sent again on every new connection. Sums
 * and marks of one tag are on one server and were written together, so the mark that comes back
 * with old sums is as old as they are: exactly what is missing is applied.
 */
final class SettleQueue {
    /**
     * So many unacknowledged settlements are a minute of outage at some 250 requests a second, and
     * a few MB. A queue that is full admits no new reservation; settlements of those that are out
     * are kept all the same.
     */
    static final int MAX_PENDING = 16_384;

    /** At most so many that were acknowledged are kept; the oldest go first. */
    static final int MAX_KEPT = 16_384;

    /** Kept for so long, at most twice as long: far longer than a replica is behind. */
    private static final long KEEP_MILLIS = 60_000;

    /** Bounds the time for which one script holds Redis: some hundred microseconds. */
    private static final int BATCH = 64;

    /** Long enough to gather a batch; nobody waits for a settlement. */
    private static final long GATHER_MILLIS = 5;

    private static final long RETRY_MILLIS = 100;

    private record Entry(List<String> keys, List<String> args, Promise<Void> done) {}

    private final Vertx vertx;
    private final Shard shard;
    private final String sidecar;
    private final LongSupplier scriptClock;
    private final Deque<Entry> pending = new ArrayDeque<>();

    /** Acknowledged in this period, and in the one before. */
    private Deque<Entry> kept = new ArrayDeque<>();

    private Deque<Entry> keptBefore = new ArrayDeque<>();

    /** To be sent before anything that is pending: what is open, then what was acknowledged. */
    private final Deque<Entry> reminders = new ArrayDeque<>();

    private final Deque<Entry> again = new ArrayDeque<>();
    private final List<Promise<Void>> whenEmpty = new ArrayList<>();
    private long sequence;
    private int connections;
    private boolean sending;
    private boolean timerSet;
    private boolean keepTimerSet;
    private boolean slotWaits;

    /**
     * Holds no settlement yet.
     *
     * @param sidecar unique over all queues that ever were: another's mark would swallow
     *     settlements
     * @param scriptClock what scripts are given as the time
     */
    SettleQueue(Vertx vertx, Shard shard, String sidecar, LongSupplier scriptClock) {
        this.vertx = vertx;
        this.shard = shard;
        this.sidecar = sidecar;
        this.scriptClock = scriptClock;
    }

    /** Not acknowledged yet. */
    int size() {
        return pending.size();
    }

    boolean isFull() {
        return pending.size() >= MAX_PENDING;
    }

    /** Completes when Redis has acknowledged these. */
    Future<Void> add(List<Correction> corrections) {
        if (corrections.isEmpty()) {
            return Future.succeededFuture();
        }
        sequence++;
        Entry entry = entry(corrections, Long.toString(sequence));
        pending.add(entry);
        slotWaits |= corrections.stream().anyMatch(Correction::freesSlot);
        if (pending.size() >= BATCH) {
            flush();
        } else {
            flushIn(GATHER_MILLIS);
        }
        return entry.done().future();
    }

    /**
     * For a new connection: tells what is open, and everything that was settled lately, again. A
     * batch that was in flight on the last one is sent again too, whatever becomes of it there.
     */
    void replay(List<List<Correction>> open) {
        connections++;
        sending = false;
        reminders.clear();
        again.clear();
        again.addAll(keptBefore);
        again.addAll(kept);
        remind(open);
        flush();
    }

    /**
     * Tells what is open now, unless the last time is still under way. Nothing of it is counted,
     * kept or sent again: it holds as of the last settlement that was added before, and is passed
     * over where a later one has been applied. So a reminder that arrives late (from a connection
     * that was given up) does not bring back what has been settled since.
     */
    void remind(List<List<Correction>> open) {
        if (reminders.isEmpty()) {
            String asOf = "-" + sequence;
            open.forEach(corrections -> reminders.add(entry(corrections, asOf)));
            flush();
        }
    }

    /**
     * Lets a slot that was freed before a reservation be free when the reservation arrives: what is
     * sent first runs first.
     */
    void flushSlots() {
        if (slotWaits) {
            flush();
        }
    }

    /** Completes when nothing is pending. */
    Future<Void> drain() {
        if (pending.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> empty = Promise.promise();
        whenEmpty.add(empty);
        flush();
        return empty.future();
    }

    /**
     * One part for each hash tag: on Redis Cluster each goes to its own shard, which keeps its own
     * mark.
     */
    private Entry entry(List<Correction> corrections, String number) {
        Map<String, List<Correction>> byTag = new LinkedHashMap<>();
        for (Correction correction : corrections) {
            byTag.computeIfAbsent(correction.tag(), t -> new ArrayList<>()).add(correction);
        }
        Entry entry = new Entry(new ArrayList<>(), new ArrayList<>(), Promise.promise());
        byTag.forEach((tag, part) -> {
            entry.keys().add(KeySpace.mark(tag, sidecar));
            entry.args().add(number);
            entry.args().add(Integer.toString(part.size()));
            for (Correction correction : part) {
                entry.keys().addAll(correction.keys());
                entry.args().addAll(correction.args());
            }
        });
        return entry;
    }

    private void flush() {
        Deque<Entry> first = first();
        if (sending || first.isEmpty()) {
            return;
        }
        if (!shard.isConnected()) {
            flushIn(RETRY_MILLIS);
            return;
        }
        List<Entry> batch = first.stream().limit(BATCH).toList();
        List<String> keys = new ArrayList<>();
        List<String> args = new ArrayList<>();
        args.add(Long.toString(scriptClock.getAsLong()));
        args.add(Long.toString(Lifetimes.MARK_MILLIS));
        for (Entry entry : batch) {
            keys.addAll(entry.keys());
            args.addAll(entry.args());
        }
        sending = true;
        if (first.equals(pending)) {
            slotWaits &= batch.size() < pending.size();
        }
        int sentOn = connections;
        shard.run(Script.SETTLE, keys, args)
                .onComplete(result -> {
                    if (sentOn != connections) {
                        return;
                    }
                    sending = false;
                    if (result.succeeded()) {
                        acknowledged(first, batch);
                    } else {
                        flushIn(RETRY_MILLIS);
                    }
                });
    }

    private Deque<Entry> first() {
        if (!reminders.isEmpty()) {
            return reminders;
        }
        return again.isEmpty() ? pending : again;
    }

    private void acknowledged(Deque<Entry> from, List<Entry> batch) {
        for (int i = 0; i < batch.size(); i++) {
            from.remove();
        }
        flush();
        if (!from.equals(pending)) {
            return;
        }
        keep(batch);
        batch.forEach(e -> e.done().complete());
        if (pending.isEmpty()) {
            List<Promise<Void>> waiting = List.copyOf(whenEmpty);
            whenEmpty.clear();
            waiting.forEach(Promise::complete);
        }
    }

    private void keep(List<Entry> batch) {
        kept.addAll(batch);
        while (kept.size() + keptBefore.size() > MAX_KEPT) {
            (keptBefore.isEmpty() ? kept : keptBefore).remove();
        }
        if (!keepTimerSet) {
            keepTimerSet = true;
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }

    private void forget() {
        keptBefore = kept;
        kept = new ArrayDeque<>();
        keepTimerSet = !keptBefore.isEmpty();
        if (keepTimerSet) {
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }

    private void flushIn(long millis) {
        if (!timerSet) {
            timerSet = true;
            vertx.setTimer(
                    millis,
                    t -> {
                        timerSet = false;
                        flush();
                    });
        }
    }
}
