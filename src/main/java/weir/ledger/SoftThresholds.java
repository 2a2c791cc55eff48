package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * counter is looked at once more, because the next answer may be long in coming: at once, and once
 * a second for all counters where there are many settlements. The first sidecar that announces a
 * crossing to the ledger tells of it; the others learn that it is told. Each remembers what was
 * told by whomever, so that a crossing costs each sidecar one question.
 *
 * <p>A sidecar that dies between announcing and telling takes the news with it.
 */
public final class SoftThresholds implements Ledger {
    private static final long REST_MILLIS = 1_000;

    /** One reading is some microseconds of the ledger's time for each counter. */
    private static final int MAX_READ = 64;

    /** What waits to be looked at; who finds no place is seen in the next answer. */
    private static final int MAX_DUE = 10_000;

    private final Ledger ledger;
    private final Scheduler scheduler;
    private final Told told;
    private final Consumer<Crossing> tell;
    private final Map<String, Claim> due = new LinkedHashMap<>();
    private boolean rests;

    /**
     * Watches one event loop's ledger.
     *
     * @param told shared by all event loops of this process
     * @param tell called once for each crossing that this sidecar is to tell of, on the event loop
     *     that saw it
     */
    public SoftThresholds(Ledger ledger, Scheduler scheduler, Told told, Consumer<Crossing> tell) {
        this.ledger = ledger;
        this.scheduler = scheduler;
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
        List<Standing> near = new ArrayList<>(0);
        for (Standing granted : settlement.grant().standings()) {
            if (Crossing.isNear(granted, settlement.actual().nanoUsd())) {
                near.add(granted);
            }
        }
        Future<Void> settled = ledger.settle(settlement);
        return near.isEmpty() ? settled : settled.onSuccess(done -> lookAgain(near));
    }

    private void lookAgain(List<Standing> near) {
        for (Standing standing : near) {
            if (due.size() < MAX_DUE) {
                due.put(KeySpace.place(standing).key(), standing.claim().withAmount(0));
            }
        }
        if (!rests) {
            readDue();
        }
    }

    /** One that cannot be read keeps no other from being looked at. */
    private void readOneByOne(Set<Claim> counters) {
        if (ledger.isUp() && counters.size() > 1) {
            counters.forEach(c -> read(List.of(c)));
        }
    }

    private void readDue() {
        rests = !due.isEmpty();
        if (rests) {
            Set<Claim> counters = new LinkedHashSet<>();
            Iterator<Claim> first = due.values().iterator();
            while (first.hasNext() && counters.size() < MAX_READ) {
                counters.add(first.next());
                first.remove();
            }
            scheduler.after(REST_MILLIS, this::readDue);
            read(List.copyOf(counters)).onFailure(e -> readOneByOne(counters));
        }
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
