package weir.ledger;

import java.util.HashMap;
import java.util.Map;

/** The leases on one counter of the in-process ledger: who holds how much. */
final class Leases {
    /**
     * What is known of one holder.
     *
     * @param amount its lease; 0 once that has ended
     * @param busy as it last reported
     * @param used as it last reported
     * @param expired what was charged when its lease ended without a word
     */
    record Held(long sequence, long amount, long busy, long used, long expired) {
        static final Held NOTHING = new Held(-1, 0, 0, 0, 0);
    }

    private final Map<String, Held> byHolder = new HashMap<>();
    private long out;
    private long busy;
    private int holders;
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

    /** Asks all holders for what they can spare, because somebody is short. */
    void recall(long nowMillis) {
        recallUntilMillis = nowMillis + Lease.RECALL_MILLIS;
    }

    Slicing.Supply supply(long nowMillis) {
        return nowMillis < recallUntilMillis ? Slicing.Supply.SHORT : Slicing.Supply.AMPLE;
    }
}
