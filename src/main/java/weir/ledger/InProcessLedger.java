package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongSupplier;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/**
 * Limits counted in this process alone. One ledger serves all event loops: every method is a short
 * synchronized section, some microseconds of arithmetic, so that a lock is cheaper than any way
 * round it.
 *
 * <p>Memory follows use: for each claim two other counters are looked at, in turn, and dropped
 * where nothing would be lost (a bucket that is full, a window that is past, nobody in flight). A
 * claim makes one counter at most, so the number of counters stays in proportion to those in use.
 */
public final class InProcessLedger implements Ledger {
    private final LongSupplier epochMicros;
    private final Map<String, Counter> counters = new HashMap<>();

    /** The keys of {@link #counters}, each once, in the order in which they are looked at. */
    private final Queue<String> round = new ArrayDeque<>();

    private final OpenGrants open = new OpenGrants();
    private boolean closed;

    /** Counts by this clock, in microseconds since the epoch. */
    public InProcessLedger(LongSupplier epochMicros) {
        this.epochMicros = epochMicros;
    }

    @Override
    public synchronized Future<Decision> reserve(Reservation reservation) {
        if (closed) {
            return Future.failedFuture(new LedgerUnavailableException("the ledger is closed"));
        }
        long nowMicros = epochMicros.getAsLong();
        try {
            open.requireNew(reservation);
            List<Place> places = KeySpace.places(reservation.claims(), nowMicros / 1_000);
            sweep(nowMicros, 2 * places.size());
            return Future.succeededFuture(decide(reservation, places, nowMicros));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }

    private Decision decide(Reservation reservation, List<Place> places, long nowMicros) {
        List<Looked> all = places.stream().map(p -> look(p, nowMicros)).toList();
        if (all.stream().anyMatch(Looked::refuses)) {
            return new Decision.Refused(all.stream().map(Looked::standing).toList());
        }
        long nowMillis = nowMicros / 1_000;
        open.add(reservation, nowMillis);
        all.forEach(l -> l.take(reservation.id(), nowMillis + reservation.ttlMillis()));
        return new Decision.Granted(reservation, all.stream().map(Looked::standing).toList());
    }

    private Looked look(Place place, long nowMicros) {
        Counter counter = counter(place, nowMicros);
        counter.expire();
        return new Looked(place, counter, counter.verdict(place.claim()));
    }

    /** A claim, its counter in the present, and what the counter said before anything was taken. */
    private record Looked(Place place, Counter counter, Verdict verdict) {
        boolean refuses() {
            return verdict != Verdict.FITS && !place.claim().limit().policy().shadow();
        }

        void take(String id, long deadlineMillis) {
            if (place.claim().amount() > 0) {
                counter.take(place.claim(), id, deadlineMillis);
            }
        }

        Standing standing() {
            return counter.standing(place, verdict);
        }
    }

    @Override
    public synchronized Future<Void> settle(Settlement settlement) {
        long nowMicros = epochMicros.getAsLong();
        String id = settlement.grant().reservation().id();
        if (open.remove(id, nowMicros / 1_000)) {
            for (Standing granted : settlement.grant().standings()) {
                Place place = KeySpace.place(granted);
                long actual = settlement.actual().of(place.claim().meter().unit());
                counter(place, nowMicros).settle(granted, id, actual);
            }
        }
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<List<Standing>> read(List<Claim> claims) {
        long nowMicros = epochMicros.getAsLong();
        sweep(nowMicros, 2 * claims.size());
        List<Standing> standings = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            Place place = KeySpace.place(claim, nowMicros / 1_000);
            Counter counter = counter(place, nowMicros);
            counter.expire();
            standings.add(counter.standing(place, Verdict.FITS));
        }
        return Future.succeededFuture(standings);
    }

    @Override
    public boolean isUp() {
        return true;
    }

    @Override
    public int pendingSettlements() {
        return 0;
    }

    @Override
    public synchronized Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    /** For tests: how many counters there are. */
    synchronized int size() {
        return counters.size();
    }

    private Counter counter(Place place, long nowMicros) {
        Counter counter = counters.get(place.key());
        if (counter == null) {
            counter = Counter.create(place, nowMicros);
            counters.put(place.key(), counter);
            round.add(place.key());
        }
        counter.tell(nowMicros);
        return counter;
    }

    private void sweep(long nowMicros, int count) {
        for (int i = Math.min(count, round.size()); i > 0; i--) {
            String key = round.remove();
            Counter counter = counters.get(key);
            if (counter != null) {
                counter.tell(nowMicros);
                if (counter.isIdle()) {
                    counters.remove(key);
                } else {
                    round.add(key);
                }
            }
        }
    }
}
