package weir.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Window.Span;

/**
 * One window of a budget: what {@code law.lua} does with a hash and a sorted set. Sums saturate at
 * {@link Meter.Spend#MAX_NANO_USD}. The budget's amount may change under the counter, so verdicts
 * go by the claim's own meter.
 */
final class SpendCounter implements Counter {
    /**
     * By deadline, and by what then happens: {@code h} a hold is charged, {@code c} a charge can no
     * longer be corrected, {@code l} a lease ends, {@code t} a holder of a lease is forgotten.
     */
    private final Deadlines ends = new Deadlines();

    /** Of what is held, and of charges that can still be corrected, by its member of the above. */
    private final Map<String, Long> amounts = new HashMap<>();

    private final Leases leases = new Leases();
    private final Span span;
    private long keepUntilMillis;
    private long nowMillis;
    private long spent;
    private long held;

    SpendCounter(Span span) {
        this.span = span;
    }

    @Override
    public void tell(long nowMicros) {
        nowMillis = nowMicros / 1_000;
    }

    private Sums sums() {
        return new Sums(spent, held + leases.busy(), leases.out() - leases.busy());
    }

    /**
     * Charges holds and leases whose time is over and forgets charges that can no longer be
     * corrected; a few at a time.
     */
    @Override
    public void expire() {
        for (int i = 0; i < Lifetimes.OVERDUE_AT_ONCE; i++) {
            String member = ends.pollOverdue(nowMillis);
            if (member == null) {
                return;
            }
            String rest = member.substring(1);
            switch (member.charAt(0)) {
                case 'h' -> {
                    long amount = forget(member);
                    held -= amount;
                    charge(amount);
                    amounts.put("c" + rest, amount);
                    ends.put("c" + rest, nowMillis + Lifetimes.REMEMBER_MILLIS);
                }
                case 'l' -> {
                    charge(leases.of(rest).amount());
                    leases.put(rest, leases.of(rest).over());
                    ends.put("t" + rest, nowMillis + Lifetimes.AFTER_WINDOW_MILLIS);
                }
                case 't' -> leases.forget(rest);
                default -> forget(member);
            }
        }
    }

    @Override
    public Verdict verdict(Claim claim, Stretch stretch) {
        return Stretching.of(meter(claim), sums(), claim.amount(), stretch).verdict();
    }

    @Override
    public long grants(Claim claim, Stretch stretch) {
        return Stretching.of(meter(claim), sums(), claim.amount(), stretch).granted();
    }

    private static Meter.Spend meter(Claim claim) {
        return (Meter.Spend) claim.meter();
    }

    @Override
    public void recall() {
        leases.recall(nowMillis);
    }

    /**
     * Only a limit in shadow mode can come to the bound of what is held; what does not fit is not
     * held.
     */
    @Override
    public void take(Claim claim, String id, long deadlineMillis) {
        if (claim.amount() <= Meter.Spend.MAX_NANO_USD - held) {
            held += claim.amount();
            amounts.put("h" + id, claim.amount());
            ends.put("h" + id, deadlineMillis);
            keep();
        }
    }

    @Override
    public Standing standing(Place place, Verdict verdict) {
        return Standings.spend(place, sums(), nowMillis, verdict);
    }

    /**
     * A hold that is known ends; one that was overdue, and charged for it, is corrected; one that
     * nobody knows is charged all the same.
     */
    @Override
    public void settle(Standing granted, String id, long actual) {
        long used = Math.min(actual, Meter.Spend.MAX_NANO_USD);
        if (ends.remove("h" + id)) {
            held -= forget("h" + id);
            charge(used);
        } else if (ends.remove("c" + id)) {
            charge(used - forget("c" + id));
        } else {
            charge(used);
        }
    }

    /**
     * A holder that is not known has its whole use charged: the counter has lost what it had heard
     * of it. A lease that had ended, and was charged for it, is corrected. In a window that is not
     * the present one nothing is granted ahead of need.
     */
    @Override
    public Lease sync(Place place, String holder, LeaseReport report) {
        leases.endIdleRecall();
        Leases.Held before = leases.of(holder);
        if (report.sequence() <= before.sequence()) {
            return leases.lease(holder, 0, standing(place, Verdict.FITS), nowMillis);
        }
        long more = report.used() - before.used();
        long kept = Math.max(0, before.amount() - more);
        charge(more - before.expired());
        leases.forget(holder);
        Meter.Spend meter = meter(place.claim());
        Sums others = new Sums(spent, held + leases.out() + report.busy(), 0);
        boolean stretches = meter.wouldExhaust(others, report.need());
        Slicing slice =
                Slicing.of(report, meter.left(others), leases.holders() + 1, supply(), stretches);
        long amount = slice.amount(report, kept);
        remember(holder, report, amount);
        Verdict verdict = Verdict.FITS;
        if (!slice.covers(report)) {
            verdict = meter.verdict(others, stretches ? report.least() : report.need());
        }
        if (Counter.recalls(verdict) && leases.out() > amount) {
            recall();
        }
        return leases.lease(holder, slice.spareAtMost(), standing(place, verdict), nowMillis);
    }

    private Slicing.Supply supply() {
        return span.contains(nowMillis) ? leases.supply(nowMillis) : Slicing.Supply.SHORT;
    }

    private void remember(String holder, LeaseReport report, long amount) {
        long end = nowMillis + (report.last() ? Lifetimes.REMEMBER_MILLIS : Lease.MILLIS);
        leases.put(
                holder,
                new Leases.Held(report.sequence(), amount, report.busy(), report.used(), 0, end));
        ends.remove("l" + holder);
        ends.remove("t" + holder);
        ends.put((report.last() ? "t" : "l") + holder, end);
        keep();
    }

    @Override
    public List<Reading.Holder> holders() {
        return leases.list(nowMillis);
    }

    @Override
    public boolean isIdle() {
        return keepUntilMillis <= nowMillis
                || (ends.size() == 0 && spent == 0 && held == 0 && leases.isEmpty());
    }

    private long forget(String member) {
        Long amount = amounts.remove(member);
        return amount == null ? 0 : amount;
    }

    private void charge(long moreNanoUsd) {
        spent = Math.clamp(spent + moreNanoUsd, 0, Meter.Spend.MAX_NANO_USD);
        keep();
    }

    private void keep() {
        long overMillis = Math.max(span.endMillis(), nowMillis);
        keepUntilMillis =
                Math.min(
                        overMillis + Lifetimes.AFTER_WINDOW_MILLIS,
                        nowMillis + Lifetimes.TOTAL_MILLIS);
    }
}
