package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Crossing;
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
public final class InProcessLedger implements Leasing {
    private final LongSupplier epochMicros;
    private final Places known = new Places();
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
            long atMillis = reservation.admittedMillis();
            List<Place> places =
                    known.of(
                            reservation.claims(),
                            atMillis == Reservation.NOW ? nowMicros / 1_000 : atMillis);
            sweep(nowMicros, 2 * places.size());
            return Future.succeededFuture(decide(reservation, places, nowMicros));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }

    private Decision decide(Reservation reservation, List<Place> places, long nowMicros) {
        List<Looked> all = new ArrayList<>(places.size());
        boolean refuses = false;
        for (Place place : places) {
            Looked looked = look(place, reservation.stretch(), nowMicros);
            all.add(looked);
            refuses |= looked.refuses();
        }
        return refuses ? refuse(all) : grant(reservation, all, nowMicros / 1_000);
    }

    private static Decision refuse(List<Looked> all) {
        all.stream().filter(Looked::recalls).forEach(l -> l.counter().recall());
        return new Decision.Refused(all.stream().map(Looked::standing).toList());
    }

    private Decision grant(Reservation reservation, List<Looked> all, long nowMillis) {
        long nanoUsd = Long.MAX_VALUE;
        for (Looked looked : all) {
            nanoUsd = Math.min(nanoUsd, looked.grantsNanoUsd());
        }
        List<Standing> standings = new ArrayList<>(all.size());
        for (Looked looked : all) {
            Looked granted = looked.of(nanoUsd);
            granted.take(reservation.id(), nowMillis + reservation.ttlMillis());
            standings.add(granted.standing());
        }
        Decision.Granted grant = new Decision.Granted(reservation, standings, nowMillis);
        open.add(grant, nowMillis);
        return grant;
    }

    private Looked look(Place place, Stretch stretch, long nowMicros) {
        Counter counter = counter(place, nowMicros);
        counter.expire();
        Claim claim = place.claim();
        return new Looked(
                place, counter, counter.verdict(claim, stretch), counter.grants(claim, stretch));
    }

    /** A claim, its counter in the present, and what the counter said before anything was taken. */
    private record Looked(Place place, Counter counter, Verdict verdict, long grants) {
        boolean refuses() {
            return verdict != Verdict.FITS && !place.claim().limit().policy().shadow();
        }

        boolean recalls() {
            return refuses() && Counter.recalls(verdict);
        }

        /** What this budget would grant, where it has a say. */
        long grantsNanoUsd() {
            boolean says = costs() && !place.claim().limit().policy().shadow();
            return says ? grants : Long.MAX_VALUE;
        }

        private boolean costs() {
            return place.claim().isMoney() && place.claim().amount() > 0;
        }

        /** The claim as it is granted. */
        Looked of(long nanoUsd) {
            if (!costs() || nanoUsd >= place.claim().amount()) {
                return this;
            }
            return new Looked(place.withAmount(nanoUsd), counter, verdict, nanoUsd);
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
    public synchronized Future<List<Optional<Lease>>> sync(
            String holder, List<LeaseReport> reports) {
        long nowMicros = epochMicros.getAsLong();
        sweep(nowMicros, 2 * reports.size());
        List<Optional<Lease>> leases = new ArrayList<>(reports.size());
        for (LeaseReport report : reports) {
            Place place = KeySpace.place(report.counter(), report.windowMillis());
            Counter counter = counter(place, nowMicros);
            counter.expire();
            leases.add(Optional.of(counter.sync(place, holder, report)));
        }
        return Future.succeededFuture(leases);
    }

    @Override
    public synchronized Future<Void> settle(Settlement settlement) {
        long nowMicros = epochMicros.getAsLong();
        String id = settlement.grant().reservation().id();
        if (!settlement.grant().backed() || open.remove(id, nowMicros / 1_000)) {
            for (Standing granted : settlement.counted()) {
                Place place = KeySpace.place(granted);
                long actual = settlement.actual().of(place.claim().meter().unit());
                counter(place, nowMicros).settle(granted, id, actual);
            }
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        return nobodyElse();
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return nobodyElse();
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return nobodyElse();
    }

    private static <T> Future<T> nobodyElse() {
        return Future.failedFuture(
                new LedgerUnavailableException("limits are counted in this process alone"));
    }

    @Override
    public synchronized Future<List<Reading>> read(List<Claim> claims) {
        long nowMicros = epochMicros.getAsLong();
        sweep(nowMicros, 2 * claims.size());
        List<Reading> readings = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            Place place = KeySpace.place(claim, nowMicros / 1_000);
            Counter counter = counter(place, nowMicros);
            counter.expire();
            List<Reading.Holder> holders = counter.holders();
            readings.add(new Reading(counter.standing(place, Verdict.FITS), holders));
        }
        return Future.succeededFuture(readings);
    }

    /** Nobody else counts here, so nobody else would tell. */
    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return Future.succeededFuture(true);
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
