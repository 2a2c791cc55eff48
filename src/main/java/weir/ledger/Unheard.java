package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** Changes of which the ledger has not acknowledged that it knows, in the order of time. */
final class Unheard {
    private record Change(long afterSequence, Set<Holding> of, Promise<Void> heard) {}

    private final Queue<Change> changes = new ArrayDeque<>();

    int size() {
        return changes.size();
    }

    /** Completes when each of these was acknowledged in a report after this one. */
    Future<Void> add(Collection<Holding> holdings, long afterSequence) {
        if (holdings.isEmpty()) {
            return Future.succeededFuture();
        }
        Change change = new Change(afterSequence, new HashSet<>(holdings), Promise.promise());
        changes.add(change);
        return change.heard().future();
    }

    /** The ledger knows these as they stood at this report. */
    void heard(Collection<Holding> holdings, long sequence) {
        List<Promise<Void>> done = new ArrayList<>();
        Iterator<Change> all = changes.iterator();
        while (all.hasNext()) {
            Change change = all.next();
            if (change.afterSequence() >= sequence) {
                break;
            }
            holdings.forEach(change.of()::remove);
            if (change.of().isEmpty()) {
                all.remove();
                done.add(change.heard());
            }
        }
        done.forEach(Promise::tryComplete);
    }
}
