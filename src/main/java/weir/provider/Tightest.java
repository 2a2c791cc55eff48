package weir.provider;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.limit.Standing;
import weir.limit.Unit;

/** Chooses which limit a header that has room for one speaks of. */
final class Tightest {
    private Tightest() {}

    /**
     * The one with the least left; of equals, the one that takes longest to refill. Not those in
     * shadow mode.
     */
    static Optional<Standing> of(List<Standing> standings, Set<Unit> units) {
        return standings.stream()
                .filter(s -> units.contains(s.claim().meter().unit()))
                .filter(s -> !s.claim().limit().policy().shadow())
                .min(
                        Comparator.comparingLong(Standing::left)
                                .thenComparing(
                                        Comparator.comparingLong(Standing::resetMillis)
                                                .reversed()));
    }
}
