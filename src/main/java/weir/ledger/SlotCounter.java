package weir.ledger;

import java.util.List;
import weir.ledger.Reservation.Stretch;
import weir.ledger.Standings.Taken;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/**
 * Requests in flight, each with the time by which it must have ended, and slots that are leased. A
 * lease that ends without a word leaves its slots to others: nobody holds them open.
 */
final class SlotCounter implements Counter {
    private final Deadlines inFlight = new Deadlines();
    private final Leases leases = new Leases();
    private long nowMillis;

    @Override
    public void tell(long nowMicros) {
        nowMillis = nowMicros / 1_000;
        if (leases.out() > 0 && nowMillis >= leases.lastEndMillis()) {
            leases.expire(nowMillis);
        }
    }

    @Override
    public void expire() {
        while (inFlight.pollOverdue(nowMillis) != null) {
            // One after another, until none is overdue.
        }
    }

    private long taken() {
        return inFlight.size() + leases.out();
    }

    @Override
    public Verdict verdict(Claim claim, Stretch stretch) {
        return ((Meter.Concurrency) claim.meter()).verdict(taken(), claim.amount());
    }

    @Override
    public void recall() {
        leases.recall(nowMillis);
    }

    @Override
    public void take(Claim claim, String id, long deadlineMillis) {
        inFlight.put(id, deadlineMillis);
    }

    @Override
    public Standing standing(Place place, Verdict verdict) {
        Taken taken = new Taken(inFlight.size() + leases.busy(), leases.out() - leases.busy());
        return Standings.concurrency(place.claim(), taken, verdict);
    }

    @Override
    public void settle(Standing granted, String id, long actual) {
        inFlight.remove(id);
    }

    @Override
    public Lease sync(Place place, String holder, LeaseReport report) {
        leases.expire(nowMillis);
        leases.endIdleRecall();
        Leases.Held held = leases.of(holder);
        if (leases.knows(holder) && report.sequence() <= held.sequence()) {
            return leases.lease(holder, 0, standing(place, Verdict.FITS), nowMillis);
        }
        leases.forget(holder);
        long room = ((Meter.Concurrency) place.claim().meter()).max() - taken() - report.busy();
        Slicing slice =
                Slicing.of(report, room, leases.holders() + 1, leases.supply(nowMillis), false);
        long amount = slice.amount(report, held.amount());
        if (!report.last()) {
            long end = nowMillis + Lease.MILLIS;
            leases.put(
                    holder, new Leases.Held(report.sequence(), amount, report.busy(), 0, 0, end));
        }
        Verdict verdict = slice.covers(report) ? Verdict.FITS : Verdict.SHORT;
        if (Counter.recalls(verdict) && leases.out() > amount) {
            recall();
        }
        return leases.lease(holder, slice.spareAtMost(), standing(place, verdict), nowMillis);
    }

    @Override
    public List<Reading.Holder> holders() {
        leases.expire(nowMillis);
        return leases.list(nowMillis);
    }

    @Override
    public boolean isIdle() {
        expire();
        return inFlight.size() == 0 && (leases.isEmpty() || leases.lastEndMillis() <= nowMillis);
    }
}
