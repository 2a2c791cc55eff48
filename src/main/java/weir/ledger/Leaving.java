package weir.ledger;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * Reservations that a ledger is being asked for, or is being told the end of. Who waits for a limit
 * comes again under the same id; were that to overtake the end of what was granted before, the end
 * would take the new grant's hold with it and leave the old one behind.
 *
 * <p>There are as many as questions are in flight and settlements pending.
 */
final class Leaving {
    private final Map<String, Future<?>> byId = new HashMap<>();

    /** Nobody comes under this id before the future is complete. */
    <T> Future<T> add(String id, Future<T> left) {
        if (!left.isComplete()) {
            byId.put(id, left);
            left.onComplete(done -> byId.remove(id, left));
        }
        return left;
    }

    /** Completes when the ledger knows of nothing under this id; at once where it does not now. */
    Future<Void> done(String id) {
        Future<?> left = byId.get(id);
        return left == null ? Future.succeededFuture() : left.transform(done -> done(id));
    }
}
