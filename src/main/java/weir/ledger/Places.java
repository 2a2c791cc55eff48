package weir.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Meter;

/**
 * Where claims are counted, kept for the counters of late: to work out a window and to write a key
 * takes longer than to find it. Not safe for use by several threads at once.
 */
final class Places {
    /** Some 300 bytes each. */
    private static final int MOST = 4_096;

    private final Map<CounterId, Place> known =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<CounterId, Place> eldest) {
                    return size() > MOST;
                }
            };

    /** A counter, over all its windows. */
    private record CounterId(Limit limit, Meter meter, String tenant, List<String> scope) {
        static CounterId of(Claim claim) {
            return new CounterId(claim.limit(), claim.meter(), claim.tenant(), claim.scope());
        }

        /** The whole of a limit is long; its name is nearly as good, and knows its hash. */
        @Override
        public int hashCode() {
            return 31 * (31 * limit.name().hashCode() + meter.unit().ordinal()) + scope.hashCode();
        }
    }

    /**
     * Where claims are counted, in their order.
     *
     * @throws IllegalArgumentException if two of them fall on one counter, which one atomic step
     *     would then check twice against the same level
     */
    List<Place> of(List<Claim> claims, long epochMillis) {
        List<Place> places = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            Place place = of(claim, epochMillis);
            // They are a handful: to compare them all costs less than to hash them.
            for (Place other : places) {
                if (other.key().equals(place.key())) {
                    throw new IllegalArgumentException("two claims on one counter: " + place.key());
                }
            }
            places.add(place);
        }
        return places;
    }

    private Place of(Claim claim, long epochMillis) {
        CounterId id = CounterId.of(claim);
        Place place = known.get(id);
        if (place == null || !place.isAt(epochMillis)) {
            place = KeySpace.place(claim, epochMillis);
            known.put(id, place);
        }
        return place.of(claim);
    }
}
