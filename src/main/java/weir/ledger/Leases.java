package weir.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.limit.Standing;

/** The leases on one counter of the in-process ledger: who holds how much. */
final class Leases {
    /**
     * What is known of one holder.
     *
     * @param amount its lease; 0 once that has ended
     * @param busy as it last reported
     * @param used as it last reported
     * @param expired what was charged when its lease ended without a word
     * @param endMillis when it ends without a word
     */
    record Held(long sequence, long amount, long busy, long used, long expired, long endMillis) {
        static final Held NOTHING = new Held(-1, 0, 0, 0, 0, 0);

        /** The same when its lease has ended and was charged. */
        Held over() {
            return new Held(sequence, 0, 0, used, amount, endMillis);
        }
    }

    private final Map<String, Held> byHolder = new HashMap<>();
    private long out;
    private long busy;
    private int holders;
    private long lastEndMillis;
    private long recallUntilMillis;

    /** All leases together. */
    long out() {
        return out;
    }

    /** The part of it that requests hold. */
    long busy() {
        return busy;
    }

    /** How many have a lease that is not empty. */
    int holders() {
        return holders;
    }

    Held of(String holder) {
        return byHolder.getOrDefault(holder, Held.NOTHING);
    }

    boolean knows(String holder) {
        return byHolder.containsKey(holder);
    }

    void put(String holder, Held held) {
        forget(holder);
        byHolder.put(holder, held);
        out += held.amount();
        busy += held.busy();
        holders += held.amount() > 0 ? 1 : 0;
        lastEndMillis = Math.max(lastEndMillis, held.endMillis());
    }

    void forget(String holder) {
        Held before = byHolder.remove(holder);
        if (before != null) {
            out -= before.amount();
            busy -= before.busy();
            holders -= before.amount() > 0 ? 1 : 0;
        }
    }

    boolean isEmpty() {
        return byHolder.isEmpty();
    }

    /** When nobody's lease lasts any longer, unless one is renewed. */
    long lastEndMillis() {
        return lastEndMillis;
    }

    /** Forgets those whose time is over. */
    void expire(long nowMillis) {
        List<String> over =
                byHolder.entrySet().stream()
                        .filter(e -> e.getValue().endMillis() <= nowMillis)
                        .map(Map.Entry::getKey)
                        .toList();
        over.forEach(this::forget);
    }

    /** What an operator sees, by name. */
    List<Reading.Holder> list(long nowMillis) {
        return byHolder.entrySet().stream()
                .filter(e -> e.getValue().amount() > 0)
                .sorted(Map.Entry.comparingByKey())
                .map(e -> holder(e.getKey(), e.getValue(), nowMillis))
                .toList();
    }

    private static Reading.Holder holder(String name, Held held, long nowMillis) {
        long left = Math.max(0, held.endMillis() - nowMillis);
        return new Reading.Holder(name, held.amount(), held.busy(), left);
    }

    /** Asks all holders for what they can spare, because somebody is short; if there are any. */
    void recall(long nowMillis) {
        if (out > 0) {
            recallUntilMillis = nowMillis + Lease.RECALL_MILLIS;
        }
    }

    /** To be told before a report: what nobody holds, nobody is asked for. */
    void endIdleRecall() {
        if (out == 0) {
            recallUntilMillis = 0;
        }
    }

    Slicing.Supply supply(long nowMillis) {
        return nowMillis < recallUntilMillis ? Slicing.Supply.SHORT : Slicing.Supply.AMPLE;
    }

    /** What a holder is told; {@code standing} is the counter's. */
    Lease lease(String holder, long spareAtMost, Standing standing, long nowMillis) {
        return new Lease(of(holder).amount(), spareAtMost, holders, nowMillis, standing);
    }
}
