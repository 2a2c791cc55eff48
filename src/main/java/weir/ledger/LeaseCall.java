package weir.ledger;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the ledger is asked at one time: which counters, for how much, and what came of it. */
final class LeaseCall {
    /** What is needed of each counter; {@link Need#NONE} where it is only told how it stands. */
    final Map<Holding, Need> needs = new LinkedHashMap<>();

    private final Set<Holding> open = new HashSet<>();
    private final Map<Holding, Throwable> failed = new HashMap<>();

    /** Asked of the ledger, and not answered. */
    void sent() {
        open.addAll(needs.keySet());
    }

    void answered(Holding holding) {
        open.remove(holding);
    }

    void failed(Collection<Holding> holdings, Throwable cause) {
        holdings.forEach(h -> failed.put(h, cause));
        open.removeAll(holdings);
    }

    /** Whether all has been answered, or has failed. */
    boolean isDone() {
        return open.isEmpty();
    }

    boolean awaits(Holding holding) {
        return open.contains(holding);
    }

    /** What kept the ledger from answering about this one; null where nothing did. */
    @Nullable Throwable failure(Holding holding) {
        return failed.get(holding);
    }
}
