package weir.ledger;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.ledger.LocalGrants.Part;
import weir.ledger.Reservation.Stretch;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/** A reservation that leases are to cover, and what it waits for where they do not. */
final class Waiter {
    /** A stretching request takes at most so much of a lease: others here want some, too. */
    private static final int SHARE = 8;

    final Reservation reservation;
    final Promise<Decision> decided = Promise.promise();
    private List<Part> parts;

    /** In which the ledger was asked for what is short; null before, and once that is looked at. */
    @Nullable LeaseCall asked;

    /** Since when it waits for the ledger. */
    long sinceMicros;

    /** How often the ledger has been asked. */
    int rounds;

    Waiter(Reservation reservation, List<Part> parts) {
        this.reservation = reservation;
        this.parts = List.copyOf(parts);
    }

    /** Is to be covered by these from now on; holdings that are waited for are not dropped. */
    void move(List<Part> others) {
        others.forEach(p -> p.holding().opened());
        leave();
        parts = List.copyOf(others);
    }

    /** Waits. */
    void enter() {
        parts.forEach(p -> p.holding().opened());
    }

    /** Waits no longer. */
    void leave() {
        parts.forEach(p -> p.holding().closed());
    }

    List<Part> parts() {
        return parts;
    }

    private static boolean shadow(Part part) {
        return part.claim().limit().policy().shadow();
    }

    private Stretch stretch() {
        return reservation.stretch();
    }

    private static boolean costs(Part part) {
        return part.claim().isMoney() && part.claim().amount() > 0;
    }

    /** How much money it is granted if all leases cover it; negative where they do not. */
    long covered(Moment now) {
        long nanoUsd = Long.MAX_VALUE;
        for (Part part : parts) {
            Holding holding = part.holding();
            if (!holding.isAlive(now)) {
                return -1;
            }
            if (shadow(part) && (isAnswered() || holding.free(now) >= asks(part))) {
                continue;
            }
            if (costs(part)) {
                nanoUsd = Math.min(nanoUsd, grants(part, now));
            } else if (holding.free(now) < part.claim().amount() && part.claim().amount() > 0) {
                return -1;
            }
        }
        return nanoUsd;
    }

    /** What one budget's lease grants, as {@link Stretch} says; negative where it does not. */
    private long grants(Part part, Moment now) {
        long free = part.holding().free(now);
        long amount = part.claim().amount();
        long wish = Math.min(amount, stretch().wishNanoUsd());
        if (wish <= free) {
            return Math.min(amount, Math.max(wish, free / SHARE));
        }
        long least = Math.min(wish, stretch().leastNanoUsd());
        Meter.Spend budget = (Meter.Spend) part.claim().meter();
        Outlook outlook = part.holding().outlook();
        boolean ends = wish > budget.limitNanoUsd() - outlook.used();
        return isAnswered() && ends && least <= free ? free : -1;
    }

    /** What it asks for at least, in the range of reports: more than the most is too much. */
    private long asks(Part part) {
        Claim claim = part.claim();
        long amount = claim.amount();
        if (claim.isMoney()) {
            amount = Math.min(amount, stretch().wishNanoUsd());
        }
        return Math.min(amount, Math.min(Outlook.most(claim.meter()) + 1, Holding.MOST));
    }

    /** A request that stretches could use all of its worst case, as far as that is to be had. */
    private Need.One one(Part part) {
        long asks = asks(part);
        return costs(part)
                ? new Need.One(
                        asks,
                        Math.min(asks, stretch().leastNanoUsd()),
                        Math.max(asks, part.claim().amount()))
                : new Need.One(asks, asks, asks);
    }

    /** Takes everything. */
    Taken take(long nanoUsd, Moment now) {
        List<Part> taken = new ArrayList<>(parts.size());
        List<Standing> standings = new ArrayList<>(parts.size());
        for (Part part : parts) {
            Claim claim = part.claim();
            if (costs(part)) {
                claim = claim.withAmount(Math.min(claim.amount(), nanoUsd));
            }
            Verdict verdict = verdict(part, now);
            if (verdict == Verdict.FITS || !(claim.meter() instanceof Meter.Rate rate)) {
                part.holding().take(Math.min(claim.amount(), Holding.MOST), now);
                taken.add(new Part(part.holding(), claim));
            } else {
                long there = part.holding().outlook().room(rate);
                part.holding().take(Math.clamp(there, 0, claim.amount()), now);
            }
            standings.add(part.holding().outlook().standing(claim, verdict));
        }
        return new Taken(taken, standings);
    }

    /**
     * What a grant took. A rate in shadow mode that is short gives what it has, makes no debt and
     * is not among the parts: it is not corrected later.
     */
    record Taken(List<Part> parts, List<Standing> standings) {}

    private Verdict verdict(Part part, Moment now) {
        return part.holding().free(now) >= asks(part)
                ? Verdict.FITS
                : part.holding().outlook().verdict(part.claim(), stretch());
    }

    /** How every counter stands, as the ledger has answered. */
    List<Standing> standings(Moment now) {
        return parts.stream()
                .map(p -> p.holding().outlook().standing(p.claim(), verdict(p, now)))
                .toList();
    }

    /** Whether the ledger's law says no. */
    boolean isShort(Moment now) {
        return standings(now).stream().anyMatch(Standing::refuses);
    }

    /**
     * Whether it would be granted if other holders gave back what they can spare, who have not been
     * asked for that in vain for so long already.
     */
    boolean hangsOnOthers(long forMicros, Moment now) {
        return parts.stream()
                .filter(p -> !shadow(p))
                .filter(p -> verdict(p, now) != Verdict.FITS)
                .allMatch(p -> couldHave(p, forMicros, now));
    }

    private boolean couldHave(Part part, long forMicros, Moment now) {
        Holding holding = part.holding();
        return !holding.shortage.hasLasted(forMicros, now)
                && holding.outlook().couldHave(part.claim().meter(), asks(part));
    }

    /** What kept the ledger from answering what it was asked for; null where nothing did. */
    @Nullable Throwable failure() {
        if (asked != null) {
            for (Part part : parts) {
                Throwable cause = asked.failure(part.holding());
                if (cause != null) {
                    return cause;
                }
            }
        }
        return null;
    }

    /** Whether the ledger has answered what it was asked for. */
    boolean isAnswered() {
        LeaseCall call = asked;
        return call != null && parts.stream().noneMatch(p -> call.awaits(p.holding()));
    }

    /** Whether the ledger has said that the time is in another window. */
    boolean isInWrongWindow() {
        return parts.stream().anyMatch(p -> p.holding().wasOutside());
    }

    /**
     * Adds what it needs to what the ledger will be asked for; false where there are too many
     * counters already. What is there is asked for as well as what is short: it would be given back
     * otherwise, as nobody takes it before all is there. Where the ledger has not answered yet how
     * one of them stands, it waits for that.
     */
    boolean join(LeaseCall call, int most, Moment now) {
        List<Part> all = parts.stream().filter(p -> needs(p, now)).toList();
        if (asked != null || all.stream().anyMatch(p -> p.holding().agenda.isReporting())) {
            return true;
        }
        long fresh = all.stream().filter(p -> !call.needs.containsKey(p.holding())).count();
        if (call.needs.size() + fresh > most) {
            return false;
        }
        all.forEach(p -> add(p, call.needs));
        asked = call;
        rounds++;
        return true;
    }

    private void add(Part part, Map<Holding, Need> needs) {
        Holding holding = part.holding();
        long room = holding.isKnown() ? holding.outlook().room(part.claim().meter()) : 0;
        Need need = needs.getOrDefault(holding, Need.NONE);
        needs.put(holding, need.and(one(part), room));
    }

    /**
     * While one part of the ledger has not answered yet, what another one has granted is not given
     * back by a report in between.
     */
    void keep(LeaseCall call, Moment now) {
        if (asked != null && asked != call) {
            parts.stream()
                    .filter(p -> call.needs.containsKey(p.holding()) && needs(p, now))
                    .forEach(p -> add(p, call.needs));
        }
    }

    private boolean needs(Part part, Moment now) {
        return asks(part) > 0 || !part.holding().isAlive(now) || part.holding().free(now) < 0;
    }
}
