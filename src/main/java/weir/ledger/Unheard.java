package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Changes of which the ledger has not acknowledged that it knows, in the order of time. Those
 * between two reports are one: they are heard together, and so a busy sidecar keeps a few of them
 * and not one for each call.
 */
final class Unheard {
    private static final class Change {
        private final long afterSequence;
        private final Set<Holding> of = new HashSet<>();
        private final Promise<Void> heard = Promise.promise();
        private int settlements;

        Change(long afterSequence) {
            this.afterSequence = afterSequence;
        }
    }

    private final Deque<Change> changes = new ArrayDeque<>();

    /** How many were added. */
    int size() {
        return changes.stream().mapToInt(c -> c.settlements).sum();
    }

    /** Completes when each of these was acknowledged in a report after this one. */
    Future<Void> add(Collection<Holding> holdings, long afterSequence) {
        if (holdings.isEmpty()) {
            return Future.succeededFuture();
        }
        Change last = changes.peekLast();
        if (last == null || last.afterSequence != afterSequence) {
            last = new Change(afterSequence);
            changes.add(last);
        }
        last.of.addAll(holdings);
        last.settlements++;
        return last.heard.future();
    }

    /** The ledger knows these as they stood at this report. */
    void heard(Collection<Holding> holdings, long sequence) {
        List<Promise<Void>> done = new ArrayList<>();
        Iterator<Change> all = changes.iterator();
        while (all.hasNext()) {
            Change change = all.next();
            if (change.afterSequence >= sequence) {
                break;
            }
            holdings.forEach(change.of::remove);
            if (change.of.isEmpty()) {
                all.remove();
                done.add(change.heard);
            }
        }
        done.forEach(Promise::tryComplete);
    }
}
