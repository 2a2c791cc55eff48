package weir.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The grants that nobody has settled: a settlement counts only if it finds its grant here, and
 * takes it out, so that it counts once.
 *
 * <p>A grant is forgotten once its charge can no longer be corrected. So there are at most as many
 * as requests were granted, and not settled, in the longest time to live; each is one map entry.
 */
final class OpenGrants {
    private record Open(Decision.Granted grant, long forgetAtMillis) {}

    private final Map<String, Open> byId = new LinkedHashMap<>();

    /**
     * @throws IllegalArgumentException if a grant of this id is open
     */
    void requireNew(Reservation reservation) {
        if (knows(reservation.id())) {
            throw new IllegalArgumentException("reservation id used twice: " + reservation.id());
        }
    }

    void add(Decision.Granted grant, long nowMillis) {
        forgetTwo(nowMillis);
        Reservation reservation = grant.reservation();
        byId.put(
                reservation.id(),
                new Open(grant, nowMillis + reservation.ttlMillis() + Lifetimes.REMEMBER_MILLIS));
    }

    boolean knows(String id) {
        return byId.containsKey(id);
    }

    /** Whether this grant was open; it is no more. */
    boolean remove(String id, long nowMillis) {
        Open open = byId.remove(id);
        return open != null && nowMillis < open.forgetAtMillis();
    }

    /** The oldest first. */
    List<Decision.Granted> all() {
        return byId.values().stream().map(Open::grant).toList();
    }

    /**
     * Two for every one that comes, so the map shrinks; the oldest first, which is nearly the order
     * of time.
     */
    private void forgetTwo(long nowMillis) {
        Iterator<Open> oldest = byId.values().iterator();
        for (int i = 0;
                i < 2 && oldest.hasNext() && oldest.next().forgetAtMillis() <= nowMillis;
                i++) {
            oldest.remove();
        }
    }
}
