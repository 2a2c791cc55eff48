package weir.proxy;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ledger.Decision.Granted;
import weir.ledger.Entrusted;
import weir.ledger.Ledger;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;

/**
 * What one request was granted, in the hands of that request: its reservation, and extensions of
 * its money. It has three endings, and exactly one happens: settled at what was used, given back
 * because nothing was, or left to another sidecar, to which its money was entrusted. (The fourth,
 * expiry, is the ledger's: it happens where this process did not live to see any.)
 */
final class Hold {
    private final Ledger ledger;
    private final List<Granted> grants = new ArrayList<>(1);

    /** Once it was asked for. */
    private @Nullable Future<Entrusted> entrusted;

    private boolean ended;

    Hold(Ledger ledger, Granted grant) {
        this.ledger = ledger;
        grants.add(grant);
    }

    /** What a ledger has said of the counters, for the caller; nothing where none has. */
    List<Standing> told() {
        return first().backed() ? first().standings() : List.of();
    }

    /** Where it was granted, and where an extension has to be. */
    Ledger ledger() {
        return ledger;
    }

    /** Adds an extension: a grant of money only. */
    void add(Granted extension) {
        grants.add(extension);
    }

    /** Of an extension that came too late to be added. */
    void giveBack(Granted extension) {
        ledger.settle(new Settlement(extension, Amounts.NOTHING));
    }

    /** The grant by which the request was admitted. */
    Granted first() {
        return grants.getFirst();
    }

    /** What budgets hold for this request, in nano-dollars; 0 where none applies. */
    long nanoUsd() {
        long sum = 0;
        for (Granted grant : grants) {
            sum += nanoUsd(grant);
        }
        return sum;
    }

    /** Budgets hold one amount each; what a limit in shadow mode could not hold does not count. */
    private static long nanoUsd(Granted grant) {
        long least = Long.MAX_VALUE;
        for (Standing standing : grant.standings()) {
            Claim claim = standing.claim();
            if (claim.isMoney()) {
                least = Math.min(least, claim.amount());
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** What the tightest budget has left beside this request; no end where no ledger knows. */
    long leftNanoUsd() {
        long least = Long.MAX_VALUE;
        for (Standing standing : told()) {
            Claim claim = standing.claim();
            if (claim.isMoney() && !claim.limit().policy().shadow()) {
                least = Math.min(least, standing.left());
            }
        }
        return least;
    }

    /**
     * Settles at what was really used; {@link Amounts#NOTHING} gives everything back. Each grant is
     * settled once, at the money that it holds as long as there is some, and what goes beyond all
     * of them is the last one's.
     *
     * @throws IllegalStateException if this hold has ended before: a bug that would charge twice
     */
    void settle(Amounts actual) {
        end();
        if (entrusted == null) {
            settleGrants(actual);
        } else {
            entrusted
                    .onSuccess(money -> {
                        settleOthers(actual);
                        ledger.settle(money, actual.nanoUsd()).onSuccess(v -> look());
                    })
                    .onFailure(no -> settleGrants(actual));
        }
    }

    /** Budgets may have crossed thresholds, which a settlement of this kind does not tell. */
    private void look() {
        List<Claim> watched =
                first().standings().stream()
                        .map(Standing::claim)
                        .filter(c -> c.isMoney() && !c.limit().policy().softPercents().isEmpty())
                        .map(c -> c.withAmount(0))
                        .toList();
        if (!watched.isEmpty()) {
            ledger.read(watched);
        }
    }

    /**
     * Puts its money where any sidecar may settle it; this one may go on to do so as if nothing had
     * happened. Fails where nobody else could.
     */
    Future<Entrusted> entrust() {
        if (entrusted == null) {
            entrusted =
                    grants.size() == 1
                            ? ledger.entrust(first())
                            : Future.failedFuture("in several parts");
        }
        return entrusted;
    }

    /**
     * Ends all but its money, which is entrusted and another sidecar's to settle.
     *
     * @throws IllegalStateException if this hold has ended before
     */
    void leave(Amounts actual) {
        end();
        settleOthers(actual);
    }

    private void end() {
        if (ended) {
            throw new IllegalStateException(
                    "reservation " + first().reservation().id() + " ended twice");
        }
        ended = true;
    }

    private void settleOthers(Amounts actual) {
        ledger.settle(new Settlement(first().withoutMoney(), actual));
    }

    private void settleGrants(Amounts actual) {
        long rest = actual.nanoUsd();
        for (Granted grant : grants.subList(0, grants.size() - 1)) {
            long share = Math.min(rest, nanoUsd(grant));
            rest -= share;
            ledger.settle(new Settlement(grant, actual.withNanoUsd(share)));
        }
        ledger.settle(new Settlement(grants.getLast(), actual.withNanoUsd(rest)));
    }
}
