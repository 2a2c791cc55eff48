package weir.ledger;

import java.util.List;
import weir.ledger.Reservation.Stretch;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/**
 * A token bucket. Its key holds its law, so the law never changes under it.
 *
 * <p>What is leased has left the bucket and still takes up room in it: level and leases together
 * never exceed the capacity, so that no interval sees more than the capacity and what refilled in
 * it. A lease that ends without a word is gone: its tokens refill by themselves.
 */
final class RateCounter implements Counter {
    private final Meter.Rate meter;
    private final Bucket bucket;
    private final Leases leases = new Leases();
    private Bucket.State state;

    RateCounter(Meter.Rate meter, long nowMicros) {
        this.meter = meter;
        this.bucket = meter.bucket();
        this.state = bucket.full(nowMicros);
    }

    /** Where all leases have ended meanwhile, there is room again from that moment on. */
    @Override
    public void tell(long nowMicros) {
        if (leases.out() > 0 && nowMicros >= leases.lastEndMillis() * 1_000) {
            state = capped(bucket.refill(state, leases.lastEndMillis() * 1_000));
            leases.expire(nowMicros / 1_000);
        }
        state = capped(bucket.refill(state, nowMicros));
    }

    private Bucket.State capped(Bucket.State wanted) {
        long most = bucket.capacityUnits() - leases.out() * bucket.unitsPerToken();
        return wanted.levelUnits() <= most ? wanted : new Bucket.State(most, wanted.atMicros());
    }

    private void take(long tokens) {
        state = capped(bucket.take(state, tokens));
    }

    private long nowMillis() {
        return state.atMicros() / 1_000;
    }

    @Override
    public void expire() {}

    @Override
    public Verdict verdict(Claim claim, Stretch stretch) {
        return meter.verdict(state, claim.amount());
    }

    @Override
    public void recall() {
        leases.recall(nowMillis());
    }

    /** A limit in shadow mode that is short gives what it has and makes no debt. */
    @Override
    public void take(Claim claim, String id, long deadlineMillis) {
        state =
                meter.verdict(state, claim.amount()) == Verdict.FITS
                        ? bucket.take(state, claim.amount())
                        : new Bucket.State(Math.min(state.levelUnits(), 0), state.atMicros());
    }

    @Override
    public Standing standing(Place place, Verdict verdict) {
        return Standings.rate(place.claim(), meter, state, leases.out(), verdict);
    }

    @Override
    public void settle(Standing granted, String id, long actual) {
        if (granted.verdict() == Verdict.FITS) {
            take(actual - granted.claim().amount());
        }
    }

    /**
     * The old lease goes back to the bucket, less what its holder has used of it; what was used
     * beyond is owed. Then a new lease is cut. A holder that is not known (any more) begins anew:
     * what it had is gone already.
     */
    @Override
    public Lease sync(Place place, String holder, LeaseReport report) {
        leases.expire(nowMillis());
        leases.endIdleRecall();
        boolean known = leases.knows(holder);
        Leases.Held held = leases.of(holder);
        if (known && report.sequence() <= held.sequence()) {
            return leases.lease(holder, 0, standing(place, Verdict.FITS), nowMillis());
        }
        long kept = known ? held.amount() - (report.used() - held.used()) : 0;
        leases.forget(holder);
        take(-kept);
        Slicing slice =
                Slicing.of(
                        report,
                        bucket.leftTokens(state),
                        leases.holders() + 1,
                        leases.supply(nowMillis()),
                        false);
        long amount = slice.amount(report, Math.max(0, kept));
        take(amount);
        if (!report.last()) {
            long end = nowMillis() + Lease.MILLIS;
            leases.put(
                    holder, new Leases.Held(report.sequence(), amount, 0, report.used(), 0, end));
        }
        state = capped(state);
        Verdict verdict = verdict(report, slice);
        if (Counter.recalls(verdict) && leases.out() > amount) {
            recall();
        }
        return leases.lease(holder, slice.spareAtMost(), standing(place, verdict), nowMillis());
    }

    private Verdict verdict(LeaseReport report, Slicing slice) {
        if (slice.covers(report)) {
            return Verdict.FITS;
        }
        return report.need() > bucket.capacityTokens() ? Verdict.TOO_LARGE : Verdict.SHORT;
    }

    @Override
    public List<Reading.Holder> holders() {
        leases.expire(nowMillis());
        return leases.list(nowMillis());
    }

    @Override
    public boolean isIdle() {
        return bucket.microsToFull(state) == 0
                && (leases.isEmpty() || leases.lastEndMillis() <= nowMillis());
    }
}
