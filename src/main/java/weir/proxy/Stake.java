package weir.proxy;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import weir.ledger.Entrusted;
import weir.limit.Amounts;

/**
 * What work that goes on at a provider holds: what its request was granted, where this sidecar
 * reserved it, or what another one had entrusted to whoever settles it. On the lane's event loop.
 */
final class Stake {
    private final Lane lane;

    /** Null where no limit applies, or another sidecar reserved. */
    private final @Nullable Hold hold;

    /** Null as long as nothing is known to be entrusted. */
    private @Nullable Entrusted entrusted;

    private boolean over;

    /** Of this sidecar's own. */
    Stake(Lane lane, @Nullable Hold hold) {
        this.lane = lane;
        this.hold = hold;
    }

    /** Of another sidecar's. */
    Stake(Lane lane, Entrusted entrusted) {
        this.lane = lane;
        this.hold = null;
        this.entrusted = entrusted;
    }

    /** Whether others could settle it. */
    boolean isEntrusted() {
        return entrusted != null;
    }

    /** Fails where nobody else could ever settle it. */
    Future<Entrusted> entrust() {
        if (entrusted != null) {
            return Future.succeededFuture(entrusted);
        }
        Future<Entrusted> there =
                hold == null ? Future.succeededFuture(Entrusted.NOTHING) : hold.entrust();
        return there.onSuccess(money -> entrusted = money);
    }

    /** Redis has lost what it knew. */
    void forgotten() {
        if (entrusted != null) {
            lane.ledger().hold(entrusted);
        }
    }

    /** Whether this sidecar has settled or left it. */
    boolean isOver() {
        return over;
    }

    void settle(Amounts amounts) {
        over = true;
        if (hold != null) {
            hold.settle(amounts);
            lane.room().freed(hold.first().standings());
        } else if (entrusted != null) {
            lane.ledger().settle(entrusted, amounts.nanoUsd());
        }
    }

    /** Others settle the money. */
    void leave(Amounts amounts) {
        over = true;
        if (hold != null) {
            hold.leave(amounts);
            lane.room().freed(hold.first().standings());
        }
    }
}
