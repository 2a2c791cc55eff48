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
 */
final class SettleQueue {
    /**
     * So many unacknowledged settlements are a minute of outage at some 250 requests a second, and
     * a few MB. A queue that is full admits no new reservation; settlements of those that are out
     * are kept all the same.
     */
    static final int MAX_PENDING = 16_384;

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
    private final List<Promise<Void>> whenEmpty = new ArrayList<>();
    private long sequence;
    private boolean sending;
    private boolean timerSet;
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
        Entry entry = entry(corrections);
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
    private Entry entry(List<Correction> corrections) {
        sequence++;
        Map<String, List<Correction>> byTag = new LinkedHashMap<>();
        for (Correction correction : corrections) {
            byTag.computeIfAbsent(correction.tag(), t -> new ArrayList<>()).add(correction);
        }
        Entry entry = new Entry(new ArrayList<>(), new ArrayList<>(), Promise.promise());
        byTag.forEach((tag, part) -> {
            entry.keys().add(KeySpace.mark(tag, sidecar));
            entry.args().add(Long.toString(sequence));
            entry.args().add(Integer.toString(part.size()));
            for (Correction correction : part) {
                entry.keys().addAll(correction.keys());
                entry.args().addAll(correction.args());
            }
        });
        return entry;
    }

    private void flush() {
        if (sending || pending.isEmpty()) {
            return;
        }
        if (!shard.isReady()) {
            flushIn(RETRY_MILLIS);
            return;
        }
        List<Entry> batch = pending.stream().limit(BATCH).toList();
        List<String> keys = new ArrayList<>();
        List<String> args = new ArrayList<>();
        args.add(Long.toString(scriptClock.getAsLong()));
        args.add(Long.toString(Lifetimes.MARK_MILLIS));
        for (Entry entry : batch) {
            keys.addAll(entry.keys());
            args.addAll(entry.args());
        }
        sending = true;
        slotWaits &= batch.size() < pending.size();
        shard.run(Script.SETTLE, keys, args)
                .onComplete(result -> {
                    sending = false;
                    if (result.succeeded()) {
                        acknowledged(batch);
                    } else {
                        flushIn(RETRY_MILLIS);
                    }
                });
    }

    private void acknowledged(List<Entry> batch) {
        for (int i = 0; i < batch.size(); i++) {
            pending.remove();
        }
        flush();
        batch.forEach(e -> e.done().complete());
        if (pending.isEmpty()) {
            List<Promise<Void>> waiting = List.copyOf(whenEmpty);
            whenEmpty.clear();
            waiting.forEach(Promise::complete);
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
