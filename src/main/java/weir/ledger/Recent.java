package weir.ledger;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** What happened lately, the oldest first; forgotten by itself. */
final class Recent<T> {
    /** At most so many are kept; the oldest go first. */
    static final int MAX_KEPT = 16_384;

    /** Kept for so long, at most twice as long: far longer than a replica is behind. */
    private static final long KEEP_MILLIS = 60_000;

    private final Vertx vertx;

    /** In this period, and in the one before. */
    private Deque<T> kept = new ArrayDeque<>();

    private Deque<T> keptBefore = new ArrayDeque<>();
    private boolean timerSet;

    Recent(Vertx vertx) {
        this.vertx = vertx;
    }

    List<T> all() {
        List<T> all = new ArrayList<>(keptBefore);
        all.addAll(kept);
        return all;
    }

    void add(Collection<T> more) {
        kept.addAll(more);
        while (kept.size() + keptBefore.size() > MAX_KEPT) {
            (keptBefore.isEmpty() ? kept : keptBefore).remove();
        }
        if (!timerSet) {
            timerSet = true;
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }

    private void forget() {
        keptBefore = kept;
        kept = new ArrayDeque<>();
        timerSet = !keptBefore.isEmpty();
        if (timerSet) {
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }
}
