package weir.ledger;

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
    private final Deadlines holds = new Deadlines();
    private final Span span;
    private long keepUntilMillis;
    private long nowMillis;
    private Sums sums = new Sums(0, 0);

    SpendCounter(Span span) {
        this.span = span;
    }

    @Override
    public void tell(long nowMicros) {
        nowMillis = nowMicros / 1_000;
    }

    /**
     * Charges holds whose time is over and forgets charges that can no longer be corrected; a few
     * at a time.
     */
    @Override
    public void expire() {
        for (int i = 0; i < Lifetimes.OVERDUE_AT_ONCE; i++) {
            String member = holds.pollOverdue(nowMillis);
            if (member == null) {
                return;
            }
            if (member.charAt(0) == 'h') {
                long amount = Long.parseLong(member.substring(1, member.indexOf(':')));
                set(new Sums(sums.spent() + amount, sums.held() - amount));
                holds.put("c" + member.substring(1), nowMillis + Lifetimes.REMEMBER_MILLIS);
            }
        }
    }

    @Override
    public Verdict verdict(Claim claim) {
        return ((Meter.Spend) claim.meter()).verdict(sums, claim.amount());
    }

    /**
     * Only a limit in shadow mode can come to the bound of what is held; what does not fit is not
     * held.
     */
    @Override
    public void take(Claim claim, String id, long deadlineMillis) {
        if (claim.amount() <= Meter.Spend.MAX_NANO_USD - sums.held()) {
            set(new Sums(sums.spent(), sums.held() + claim.amount()));
            holds.put("h" + claim.amount() + ":" + id, deadlineMillis);
        }
    }

    @Override
    public Standing standing(Place place, Verdict verdict) {
        return Standings.spend(place, sums, nowMillis, verdict);
    }

    /**
     * A hold that is known ends; one that was overdue, and charged for it, is corrected; one that
     * nobody knows is charged all the same.
     */
    @Override
    public void settle(Standing granted, String id, long actual) {
        long charge = Math.min(actual, Meter.Spend.MAX_NANO_USD);
        long amount = granted.claim().amount();
        if (holds.remove("h" + amount + ":" + id)) {
            set(new Sums(sums.spent() + charge, sums.held() - amount));
        } else if (holds.remove("c" + amount + ":" + id)) {
            set(new Sums(Math.max(0, sums.spent() + charge - amount), sums.held()));
        } else {
            set(new Sums(sums.spent() + charge, sums.held()));
        }
    }

    @Override
    public boolean isIdle() {
        return keepUntilMillis <= nowMillis
                || (holds.size() == 0 && sums.spent() == 0 && sums.held() == 0);
    }

    private void set(Sums changed) {
        sums = new Sums(Math.min(changed.spent(), Meter.Spend.MAX_NANO_USD), changed.held());
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
