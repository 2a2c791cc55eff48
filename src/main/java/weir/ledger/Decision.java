package weir.ledger;

import java.util.List;
import weir.limit.Standing;

/** The ledger's answer; standings are in the order of the reservation's claims. */
public sealed interface Decision {
    List<Standing> standings();

    /**
     * Whether a ledger has decided this, so that its standings are how the counters stand; where
     * the ledger was away, limits decided by themselves.
     */
    boolean backed();

    /**
     * All claims were taken; to be settled exactly once.
     *
     * @param standings of the claims as they were granted: claims of money may be smaller than
     *     those that were asked for, where the reservation stretches
     * @param atMillis when, by the ledger's clock
     * @param backed whether a ledger has counted it; one that has not learns of it by the
     *     settlement
     */
    record Granted(Reservation reservation, List<Standing> standings, long atMillis, boolean backed)
            implements Decision {
        public Granted {
            standings = List.copyOf(standings);
        }

        /** When what nobody has settled is charged in full, by the ledger's clock. */
        long deadlineMillis() {
            return atMillis + reservation.ttlMillis();
        }

        /** The same but for what it holds of budgets. */
        public Granted withoutMoney() {
            return withStandings(standings.stream().filter(s -> !s.claim().isMoney()).toList());
        }

        /** What it holds of budgets. */
        Granted onlyMoney() {
            return withStandings(standings.stream().filter(s -> s.claim().isMoney()).toList());
        }

        /** The part of it that these standings are of. */
        Granted withStandings(List<Standing> some) {
            return new Granted(reservation, some, atMillis, backed);
        }

        /** One that a ledger has counted. */
        public Granted(Reservation reservation, List<Standing> standings, long atMillis) {
            this(reservation, standings, atMillis, true);
        }
    }

    /** Nothing was taken; at least one standing {@linkplain Standing#refuses() refuses}. */
    record Refused(List<Standing> standings, boolean backed) implements Decision {
        public Refused {
            standings = List.copyOf(standings);
        }

        /** By a ledger. */
        public Refused(List<Standing> standings) {
            this(standings, true);
        }
    }
}
