package weir.ledger;

import java.util.List;
import weir.limit.Standing;

/** The ledger's answer; standings are in the order of the reservation's claims. */
public sealed interface Decision {
    List<Standing> standings();

    /** All claims were taken; to be settled exactly once. */
    record Granted(Reservation reservation, List<Standing> standings) implements Decision {
        public Granted {
            standings = List.copyOf(standings);
        }
    }

    /** Nothing was taken; at least one standing {@linkplain Standing#refuses() refuses}. */
    record Refused(List<Standing> standings) implements Decision {
        public Refused {
            standings = List.copyOf(standings);
        }
    }
}
