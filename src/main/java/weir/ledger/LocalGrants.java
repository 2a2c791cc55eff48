package weir.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.ledger.Holding.Use;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Meter;

/**
 * The grants that were made from leases, each until it is settled, once. One that nobody settles in
 * time ends as a charge, which can still be corrected for a while: the same law as the ledger's
 * own.
 *
 * <p>There are as many as requests were granted and not settled in the longest time to live.
 */
final class LocalGrants {
    /** What a grant took of one counter. */
    record Part(Holding holding, Claim claim) {}

    private static final class Grant {
        private List<Part> parts;
        private final long deadlineMillis;
        private boolean charged;

        Grant(List<Part> parts, long deadlineMillis) {
            this.parts = parts;
            this.deadlineMillis = deadlineMillis;
        }
    }

    private final Map<String, Grant> byId = new HashMap<>();
    private final Deadlines ends = new Deadlines();

    /**
     * @throws IllegalArgumentException if a grant of this id is open
     */
    void requireNew(Reservation reservation) {
        if (knows(reservation.id())) {
            throw new IllegalArgumentException("reservation id used twice: " + reservation.id());
        }
    }

    boolean knows(String id) {
        return byId.containsKey(id);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    void add(Reservation reservation, List<Part> parts, long nowMillis) {
        parts.forEach(p -> p.holding().opened());
        Grant grant = new Grant(List.copyOf(parts), nowMillis + reservation.ttlMillis());
        byId.put(reservation.id(), grant);
        ends.put(reservation.id(), grant.deadlineMillis);
    }

    /** Ends a grant that is known; returns the holdings of which the ledger is to hear. */
    List<Holding> settle(String id, Amounts actual, Moment now) {
        Grant grant = byId.remove(id);
        if (grant == null) {
            return List.of();
        }
        ends.remove(id);
        boolean tooLate = now.ledgerMillis() >= forgetMillis(grant);
        List<Holding> changed =
                tooLate && grant.charged ? List.of() : settle(grant, tooLate ? null : actual, now);
        grant.parts.forEach(p -> p.holding().closed());
        return changed;
    }

    /**
     * What a grant holds of budgets goes back, and is not its own any more; returns the holdings of
     * which the ledger is to hear.
     */
    List<Holding> giveBackMoney(String id, Moment now) {
        Grant grant = byId.get(id);
        if (grant == null) {
            return List.of();
        }
        List<Holding> changed = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        for (Part part : grant.parts) {
            if (part.claim().isMoney()) {
                settle(part, 0, grant.charged, now);
                part.holding().closed();
                changed.add(part.holding());
            } else {
                others.add(part);
            }
        }
        grant.parts = List.copyOf(others);
        return changed;
    }

    /**
     * Charges what is overdue, and forgets what can no longer be corrected; a few at a time.
     * Returns the holdings of which the ledger is to hear.
     */
    List<Holding> expire(Moment now) {
        List<Holding> changed = new ArrayList<>();
        for (int i = 0; i < Lifetimes.OVERDUE_AT_ONCE; i++) {
            String id = ends.pollOverdue(now.ledgerMillis());
            Grant grant = id == null ? null : byId.get(id);
            if (id == null || grant == null) {
                return changed;
            }
            if (grant.charged) {
                byId.remove(id);
                grant.parts.forEach(p -> p.holding().closed());
                changed.addAll(holdings(grant));
            } else {
                changed.addAll(settle(grant, null, now));
                grant.charged = true;
                ends.put(id, forgetMillis(grant));
            }
        }
        return changed;
    }

    private static long forgetMillis(Grant grant) {
        return grant.deadlineMillis + Lifetimes.REMEMBER_MILLIS;
    }

    private static List<Holding> holdings(Grant grant) {
        return grant.parts.stream().map(Part::holding).toList();
    }

    /** For {@code actual} null the amounts stand as they were granted. */
    private static List<Holding> settle(Grant grant, @Nullable Amounts actual, Moment now) {
        List<Holding> changed = new ArrayList<>();
        for (Part part : grant.parts) {
            Claim claim = part.claim();
            long used = actual == null ? claim.amount() : actual.of(claim.meter().unit());
            used = Math.min(used, Meter.Spend.MAX_NANO_USD);
            if (settle(part, used, grant.charged, now)) {
                changed.add(part.holding());
            }
        }
        return changed;
    }

    /** Whether anything changed. */
    private static boolean settle(Part part, long used, boolean charged, Moment now) {
        long amount = part.claim().amount();
        boolean same =
                switch (part.claim().meter()) {
                    case Meter.Rate rate -> used == amount;
                    case Meter.Concurrency slots -> charged || amount == 0;
                    case Meter.Spend spend -> used == amount && (charged || amount == 0);
                };
        if (!same && charged && part.holding().isMoney()) {
            part.holding().correct(new Use(amount, used), now);
        } else if (!same) {
            part.holding().settle(new Use(amount, used), now);
        }
        return !same;
    }
}
