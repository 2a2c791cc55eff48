package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Standing;

/**
 * A ledger that tells when a budget crosses one of its soft thresholds, once a window over all
 * sidecars.
 *
 * <p>A crossing is seen where counters are looked at anyway: in the ledger's answers. What a
 * settlement spends shows in the next answer; where a threshold may have been crossed by it, the
 * counter is looked at once more, because the next answer may be long in coming. The first sidecar
 * that announces a crossing to the ledger tells of it; the others learn that it is told. Each
 * remembers what was told by whomever, so that a crossing costs each sidecar one question.
 *
 * <p>A sidecar that dies between announcing and telling takes the news with it.
 */
public final class SoftThresholds implements Ledger {
    private final Ledger ledger;
    private final Told told;
    private final Consumer<Crossing> tell;

    /**
     * Watches one event loop's ledger.
     *
     * @param told shared by all event loops of this process
     * @param tell called once for each crossing that this sidecar is to tell of, on the event loop
     *     that saw it
     */
    public SoftThresholds(Ledger ledger, Told told, Consumer<Crossing> tell) {
        this.ledger = ledger;
        this.told = told;
        this.tell = tell;
    }

    /** Crossings that are told of, or about to be. */
    public static final class Told {
        /**
         * More budgets than anybody wants to hear of. One that is forgotten would be told of again,
         * under the same name.
         */
        private static final int MAX_CROSSINGS = 100_000;

        private final Map<Crossing.Id, Boolean> crossings =
                Collections.synchronizedMap(
                        new LinkedHashMap<>() {
                            @Override
                            protected boolean removeEldestEntry(
                                    Map.Entry<Crossing.Id, Boolean> eldest) {
                                return size() > MAX_CROSSINGS;
                            }
                        });

        private boolean isNew(Crossing crossing) {
            return crossings.putIfAbsent(crossing.id(), true) == null;
        }

        private void forget(Crossing crossing) {
            crossings.remove(crossing.id());
        }
    }

    @Override
    public Future<Decision> reserve(Reservation reservation) {
        return ledger.reserve(reservation)
                .onSuccess(decision -> look(decision.backed() ? decision.standings() : List.of()));
    }

    @Override
    public Future<Void> settle(Settlement settlement) {
        List<Claim> near = new ArrayList<>(0);
        for (Standing granted : settlement.grant().standings()) {
            if (Crossing.isNear(granted, settlement.actual().nanoUsd())) {
                near.add(granted.claim());
            }
        }
        Future<Void> settled = ledger.settle(settlement);
        return near.isEmpty() ? settled : settled.onSuccess(done -> read(near));
    }

    @Override
    public Future<List<Reading>> read(List<Claim> counters) {
        return ledger.read(counters)
                .onSuccess(read -> look(read.stream().map(Reading::standing).toList()));
    }

    private void look(List<Standing> standings) {
        for (Standing standing : standings) {
            if (!standing.claim().limit().policy().softPercents().isEmpty()) {
                Crossing.of(standing).stream().filter(told::isNew).forEach(this::askWhoTells);
            }
        }
    }

    private void askWhoTells(Crossing crossing) {
        ledger.announce(crossing)
                .onSuccess(mine -> {
                    if (mine) {
                        tell.accept(crossing);
                    }
                })
                .onFailure(unknown -> told.forget(crossing));
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
        return ledger.close();
    }
}
