package weir.ledger;

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
                    long amount = Long.parseLong(rest.substring(0, rest.indexOf(':')));
                    hold(-amount);
                    charge(amount);
                    ends.put("c" + rest, nowMillis + Lifetimes.REMEMBER_MILLIS);
                }
                case 'l' -> {
                    Leases.Held lease = leases.of(rest);
                    leases.put(
                            rest,
                            new Leases.Held(lease.sequence(), 0, 0, lease.used(), lease.amount()));
                    charge(lease.amount());
                    ends.put("t" + rest, nowMillis + Lifetimes.AFTER_WINDOW_MILLIS);
                }
                case 't' -> leases.forget(rest);
                default -> {
                    // A charge that can no longer be corrected.
                }
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
            hold(claim.amount());
            ends.put("h" + claim.amount() + ":" + id, deadlineMillis);
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
        long amount = granted.claim().amount();
        if (ends.remove("h" + amount + ":" + id)) {
            hold(-amount);
            charge(used);
        } else if (ends.remove("c" + amount + ":" + id)) {
            charge(used - amount);
        } else {
            charge(used);
        }
    }

    /**
     * A holder that is not known has its whole use charged: the counter has lost what it had heard
     * of it. A lease that had ended, and was charged for it, is corrected.
     */
    @Override
    public Lease sync(Place place, String holder, LeaseReport report) {
        Leases.Held before = leases.of(holder);
        if (report.sequence() <= before.sequence()) {
            return lease(place, before, 0, Verdict.FITS);
        }
        long more = report.used() - before.used();
        long kept = Math.max(0, before.amount() - more);
        charge(more - before.expired());
        leases.forget(holder);
        Meter.Spend meter = meter(place.claim());
        Sums others = new Sums(spent, held + leases.out() + report.busy(), 0);
        boolean stretches = meter.wouldExhaust(others, report.need());
        long room = span.contains(nowMillis) ? meter.left(others) : -1;
        int holders = leases.holders() + 1;
        Slicing slice = Slicing.of(report, room, holders, leases.supply(nowMillis), stretches);
        long amount = slice.amount(report, kept);
        leases.put(
                holder,
                new Leases.Held(report.sequence(), amount, report.busy(), report.used(), 0));
        ends.remove("l" + holder);
        ends.remove("t" + holder);
        if (report.last()) {
            ends.put("t" + holder, nowMillis + Lifetimes.AFTER_WINDOW_MILLIS);
        } else {
            ends.put("l" + holder, nowMillis + Lease.MILLIS);
        }
        Verdict verdict = Verdict.FITS;
        if (!slice.covers(report)) {
            if (leases.out() > amount) {
                recall();
            }
            verdict = meter.verdict(others, stretches ? report.least() : report.need());
        }
        keep();
        return lease(place, leases.of(holder), slice.spareAtMost(), verdict);
    }

    private Lease lease(Place place, Leases.Held lease, long spareAtMost, Verdict verdict) {
        return new Lease(
                lease.amount(), spareAtMost, leases.holders(), nowMillis, standing(place, verdict));
    }

    @Override
    public boolean isIdle() {
        return keepUntilMillis <= nowMillis
                || (ends.size() == 0 && spent == 0 && held == 0 && leases.isEmpty());
    }

    private void charge(long moreNanoUsd) {
        spent = Math.clamp(spent + moreNanoUsd, 0, Meter.Spend.MAX_NANO_USD);
        keep();
    }

    private void hold(long moreNanoUsd) {
        held += moreNanoUsd;
        keep();
    }

    private void keep() {
        long afterWindow = span.endMillis() - nowMillis + Lifetimes.AFTER_WINDOW_MILLIS;
        keepUntilMillis =
                nowMillis
                        + Math.clamp(
                                afterWindow, Lifetimes.REMEMBER_MILLIS, Lifetimes.TOTAL_MILLIS);
    }
}
