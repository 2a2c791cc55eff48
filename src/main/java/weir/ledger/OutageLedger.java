package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Limit;
import weir.limit.Meter;
import weir.limit.Policy.WhenLedgerIsDown;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/**
 * What limits do while the ledger is away: {@code when-ledger-is-down}, for any ledger.
 *
 * <p>The ledger is always asked first; only a reservation that it could not answer is decided here,
 * by the policies of the limits that apply to it. So an outage begins and ends by itself, request
 * by request, and what a lease or another shard can still answer is answered. (That a ledger which
 * hangs does not make every request wait for the deadline is its own affair, see {@link Circuit}.)
 *
 * <ul>
 *   <li>One limit that is {@code closed} keeps the request out, and is named.
 *   <li>Limits that are {@code local} count in this process, against this sidecar's {@link Share}.
 *       All of them have room, or the request is refused as ever. A budget whose share is used up
 *       does not say that the money is spent, which nobody knows: the request is kept out as with
 *       {@code closed}.
 *   <li>Limits that are {@code open}, or in shadow mode, let the request pass and count nothing.
 * </ul>
 *
 * <p>Nothing that is spent meanwhile is lost: the settlement of such a grant goes to the ledger as
 * well, which is told of all that was used, in the window in which the request was admitted. Hence
 * a budget with {@code open} is over its limit after an outage by what was spent in it, and one
 * with {@code local} by at most its limit: the sum of the shares, whatever had been spent before.
 *
 * <p>What this process counts for itself stays while its windows last: the next outage in the same
 * window goes on where the last one stopped.
 */
public final class OutageLedger implements Ledger {
    private final Ledger ledger;
    private final Local local;

    /** Grants that the ledger does not know of: at most as many as calls are in flight. */
    private final Map<String, Decision.Granted> unbacked = new HashMap<>();

    private boolean closing;

    /**
     * What all event loops of a process share.
     *
     * @param counters where {@code local} limits are counted
     * @param sidecars how many sidecars were last seen, this one included
     */
    public record Local(InProcessLedger counters, IntSupplier sidecars, Watcher watcher) {}

    /** Is told what decided a request while the ledger was away. */
    @FunctionalInterface
    public interface Watcher {
        void decided(Limit limit, WhenLedgerIsDown policy);
    }

    public OutageLedger(Ledger ledger, Local local) {
        this.ledger = ledger;
        this.local = local;
    }

    /** Whether requests under these limits pass while the ledger is away. */
    public static boolean canDoWithout(List<Limit> limits) {
        return limits.stream().noneMatch(l -> policy(l) == WhenLedgerIsDown.CLOSED);
    }

    private static WhenLedgerIsDown policy(Limit limit) {
        return limit.policy().shadow() ? WhenLedgerIsDown.OPEN : limit.policy().whenLedgerIsDown();
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        return ledger.reserve(reservation)
                .recover(e ->
                        e instanceof LedgerUnavailableException away && !closing
                                ? byPolicy(reservation, away)
                                : Future.failedFuture(e));
    }

    private Future<Decision> byPolicy(Reservation reservation, LedgerUnavailableException away) {
        Set<Limit> limits = new LinkedHashSet<>();
        reservation.claims().forEach(c -> limits.add(c.limit()));
        for (Limit limit : limits) {
            if (policy(limit) == WhenLedgerIsDown.CLOSED) {
                local.watcher().decided(limit, WhenLedgerIsDown.CLOSED);
                return Future.failedFuture(away.inTheWay(limit.name()));
            }
        }
        limits.forEach(l -> local.watcher().decided(l, policy(l)));
        int sidecars = local.sidecars().getAsInt();
        List<Claim> shares =
                reservation.claims().stream()
                        .filter(OutageLedger::isLocal)
                        .map(c -> Share.of(c, sidecars))
                        .toList();
        Reservation part =
                new Reservation(
                        reservation.id(),
                        shares,
                        reservation.ttlMillis(),
                        reservation.stretch(),
                        reservation.admittedMillis());
        return local.counters().reserve(part).compose(d -> decided(reservation, d, away));
    }

    private static boolean isLocal(Claim claim) {
        return policy(claim.limit()) == WhenLedgerIsDown.LOCAL;
    }

    private Future<Decision> decided(
            Reservation reservation, Decision ofShares, LedgerUnavailableException away) {
        return switch (ofShares) {
            case Decision.Granted granted -> {
                unbacked.put(reservation.id(), granted);
                long at = reservation.admittedMillis();
                long window = at == Reservation.NOW ? granted.atMillis() : at;
                yield Future.succeededFuture(
                        new Decision.Granted(
                                reservation,
                                standings(reservation, granted, window),
                                granted.atMillis(),
                                false));
            }
            case Decision.Refused refused -> {
                for (Standing no : refused.standings()) {
                    if (no.verdict() == Verdict.EXHAUSTED || isMoneyTooLarge(no)) {
                        yield Future.failedFuture(away.inTheWay(no.claim().limit().name()));
                    }
                }
                yield Future.succeededFuture(
                        new Decision.Refused(standings(reservation, refused, 0), false));
            }
        };
    }

    private static boolean isMoneyTooLarge(Standing standing) {
        return standing.verdict() == Verdict.TOO_LARGE && standing.claim().isMoney();
    }

    /**
     * In the order of the reservation's claims, and of those claims: the share is how they were
     * decided, not what they are.
     */
    private static List<Standing> standings(
            Reservation reservation, Decision ofShares, long windowMillis) {
        long nanoUsd =
                ofShares.standings().stream()
                        .filter(s -> s.claim().isMoney())
                        .mapToLong(s -> s.claim().amount())
                        .min()
                        .orElse(Long.MAX_VALUE);
        Iterator<Standing> shares = ofShares.standings().iterator();
        List<Standing> standings = new ArrayList<>(reservation.claims().size());
        for (Claim claim : reservation.claims()) {
            boolean shrinks = claim.isMoney() && nanoUsd < claim.amount();
            Claim granted = shrinks ? claim.withAmount(nanoUsd) : claim;
            standings.add(
                    isLocal(claim)
                            ? shares.next().withClaim(granted)
                            : uncounted(granted, windowMillis));
        }
        return standings;
    }

    /** Nobody knows how such a counter stands: it is shown untouched. */
    private static Standing uncounted(Claim claim, long windowMillis) {
        long limit =
                switch (claim.meter()) {
                    case Meter.Rate rate -> rate.bucket().capacityTokens();
                    case Meter.Concurrency slots -> slots.max();
                    case Meter.Spend spend -> spend.limitNanoUsd();
                };
        long window = KeySpace.place(claim, windowMillis).span().startMillis();
        return new Standing(claim, limit, 0, 0, 0, limit, window, 0, 0, Verdict.FITS);
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        Decision.Granted grant = settlement.grant();
        if (grant.backed()) {
            return ledger.settle(settlement);
        }
        Decision.Granted part = unbacked.remove(grant.reservation().id());
        if (part == null) {
            return Future.succeededFuture();
        }
        return local.counters()
                .settle(new Settlement(part, settlement.actual()))
                .compose(v -> ledger.settle(settlement));
    }

    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        return ledger.entrust(grant);
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return ledger.hold(entrusted);
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return ledger.settle(entrusted, nanoUsd);
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        return ledger.read(counters);
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return ledger.announce(crossing);
    }

    @Override
    public boolean isUp() {
        return ledger.isUp();
    }

    @Override
    public int pendingSettlements() {
        return ledger.pendingSettlements();
    }

    @Override
    public Future<Void> close() {
        closing = true;
        return ledger.close();
    }
}
