package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
 * <p>What was used while Redis was away, and nobody had counted, is summed by counter and window
 * until it can be sent: an outage takes memory by its counters, not by its calls. A sum that has
 * its number changes no more; what comes then goes into the next one, and that gets its number when
 * the sums before it are acknowledged.
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

    /** Bounds the time for which one script holds Redis: some hundred microseconds. */
    private static final int BATCH = 64;

    /** Long enough to gather a batch; nobody waits for a settlement. */
    private static final long GATHER_MILLIS = 5;

    private static final long RETRY_MILLIS = 100;

    private record Entry(List<String> keys, List<String> args, Promise<Void> done) {
        Entry(List<String> keys, List<String> args) {
            this(keys, args, Promise.promise());
        }
    }

    private final Vertx vertx;
    private final Shard shard;
    private final String sidecar;
    private final LongSupplier scriptClock;
    private final Recent acknowledged;
    private final Deque<Entry> pending = new ArrayDeque<>();

    /** Sums without a number, by counter and window. */
    private Map<String, Correction> owed = new LinkedHashMap<>();

    /** Sums among those that are pending. */
    private int sumsPending;

    /** To be sent before anything that is pending: what is open, then what was acknowledged. */
    private final Deque<Entry> reminders = new ArrayDeque<>();

    private final Deque<Entry> again = new ArrayDeque<>();
    private final List<Promise<Void>> whenEmpty = new ArrayList<>();
    private long sequence;
    private int connections;
    private boolean sending;
    private boolean timerSet;

    /** Among those that are pending. */
    private int freeingSlots;

    /**
     * @param memory for what is acknowledged
     * @param sidecar unique over all queues that ever were: another's mark would swallow
     *     settlements
     * @param scriptClock what scripts are given as the time
     */
    SettleQueue(
            Vertx vertx,
            Shard shard,
            RecentPages memory,
            String sidecar,
            LongSupplier scriptClock) {
        this.vertx = vertx;
        this.shard = shard;
        this.sidecar = sidecar;
        this.scriptClock = scriptClock;
        this.acknowledged = new Recent(memory);
    }

    /** Not acknowledged yet; each sum is one. */
    int size() {
        return pending.size() + owed.size();
    }

    /** Sums do not count: their number is bounded by the counters'. */
    boolean isFull() {
        return pending.size() - sumsPending >= MAX_PENDING;
    }

    /** Adds what was used uncounted; completes at once, and is told when Redis can be reached. */
    Future<Void> owe(List<Correction> corrections) {
        corrections.forEach(c -> owed.merge(c.counter(), c, Correction::plus));
        if (!corrections.isEmpty()) {
            flushIn(GATHER_MILLIS);
        }
        return Future.succeededFuture();
    }

    private void number() {
        if (sumsPending > 0 || owed.isEmpty()) {
            return;
        }
        Collection<Correction> sums = owed.values();
        owed = new LinkedHashMap<>();
        sumsPending = sums.size();
        for (Correction sum : sums) {
            Entry entry = entry(List.of(sum), Long.toString(++sequence));
            pending.add(entry);
            entry.done().future().onComplete(told -> sumsPending--);
        }
    }

    /** Completes when Redis has acknowledged these. */
    Future<Void> add(List<Correction> corrections) {
        if (corrections.isEmpty()) {
            return Future.succeededFuture();
        }
        sequence++;
        Entry entry = entry(corrections, Long.toString(sequence));
        pending.add(entry);
        if (corrections.stream().anyMatch(Correction::freesSlot)) {
            freeingSlots++;
            entry.done().future().onComplete(told -> freeingSlots--);
        }
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
        again.addAll(acknowledged.all(Entry::new));
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

    /** Whether Redis may count slots as taken that have become free. */
    boolean freesSlots() {
        return freeingSlots > 0;
    }

    /** Completes when nothing is pending or owed. */
    Future<Void> drain() {
        if (size() == 0) {
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
        Entry entry = new Entry(new ArrayList<>(), new ArrayList<>());
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

    /** Sends what is pending, unless a batch is under way: then with its answer. */
    void flush() {
        if (sending) {
            return;
        }
        if (!shard.isConnected()) {
            if (size() > 0 || !first().isEmpty()) {
                flushIn(RETRY_MILLIS);
            }
            return;
        }
        number();
        Deque<Entry> first = first();
        if (first.isEmpty()) {
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
        if (!from.equals(pending)) {
            flush();
            return;
        }
        for (Entry entry : batch) {
            acknowledged.add(entry.keys(), entry.args());
            entry.done().complete();
        }
        flush();
        if (size() == 0) {
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
