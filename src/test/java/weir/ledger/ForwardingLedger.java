package weir.ledger;

import io.vertx.core.Future;
import java.util.List;
import weir.limit.Claim;
import weir.limit.Crossing;

/** Asks another one; tests override what they are about. */
abstract class ForwardingLedger implements Ledger {
    private final Ledger to;

    ForwardingLedger(Ledger to) {
        this.to = to;
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        return to.reserve(reservation);
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        return to.settle(settlement);
    }

    @Override
    public Future<Entrusted> entrust(Decision.Granted grant) {
        return to.entrust(grant);
    }

    @Override
    public Future<Void> hold(Entrusted entrusted) {
        return to.hold(entrusted);
    }

    @Override
    public Future<Void> settle(Entrusted entrusted, long nanoUsd) {
        return to.settle(entrusted, nanoUsd);
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        return to.read(counters);
    }

    @Override
    public Future<Boolean> announce(Crossing crossing) {
        return to.announce(crossing);
    }

    @Override
    public boolean isUp() {
        return to.isUp();
    }

    @Override
    public int pendingSettlements() {
        return to.pendingSettlements();
    }

    @Override
    public Future<Void> close() {
        return to.close();
    }
}
