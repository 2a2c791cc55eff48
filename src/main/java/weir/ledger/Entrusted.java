package weir.ledger;

import java.util.List;

/**
 * What a grant holds of budgets, where every sidecar may settle it: for work that may outlive the
 * sidecar that reserved for it.
 *
 * @param id of the reservation
 * @param deadlineMillis at which it is charged in full, by the ledger's clock
 */
public record Entrusted(String id, long deadlineMillis, List<Held> held) {
    /** Nothing is held. */
    public static final Entrusted NOTHING = new Entrusted("", 0, List.of());

    public Entrusted {
        held = List.copyOf(held);
    }

    /**
     * What is held of one budget.
     *
     * @param tag the hash tag of its key
     * @param key of the budget's window
     * @param windowEndMillis since the epoch
     * @param nanoUsd nano-dollars
     */
    public record Held(String tag, String key, long windowEndMillis, long nanoUsd) {
        public Held {
            // It may come from a note: nothing of it may lead to a key of anybody else's.
            if (!key.startsWith("weir:{" + tag + "}:") || nanoUsd < 0) {
                throw new IllegalArgumentException("no budget's key: " + key);
            }
        }

        static Held of(Place place) {
            return new Held(
                    place.tag(), place.key(), place.span().endMillis(), place.claim().amount());
        }

        String holdsKey() {
            return Place.holdsKey(key);
        }
    }

    /** Of one budget. */
    Entrusted only(Held one) {
        return new Entrusted(id, deadlineMillis, List.of(one));
    }

    static Entrusted of(Decision.Granted grant) {
        return new Entrusted(
                grant.reservation().id(),
                grant.deadlineMillis(),
                grant.standings().stream()
                        .filter(s -> s.claim().isMoney() && s.claim().amount() > 0)
                        .map(s -> Held.of(KeySpace.place(s)))
                        .toList());
    }
}
