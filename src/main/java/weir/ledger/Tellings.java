package weir.ledger;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who waits until the ledger knows how some counters stand here: it answers soon, or fails. */
final class Tellings {
    /**
     * One who waits.
     *
     * @param after a report with a higher number tells the ledger
     */
    private record Telling(Set<Holding> left, long after, Promise<Void> told) {}

    private final List<Telling> all = new ArrayList<>();

    /**
     * Completes when each of these was acknowledged in a report after this one; fails where one of
     * them fails, and may be failed by who waits no longer.
     */
    Promise<Void> add(Collection<Holding> holdings, long afterSequence) {
        Telling one = new Telling(new HashSet<>(holdings), afterSequence, Promise.promise());
        all.add(one);
        one.told().future().onComplete(over -> all.remove(one));
        return one.told();
    }

    static LedgerUnavailableException noAnswer() {
        return new LedgerUnavailableException("the ledger did not answer in time");
    }

    /** The ledger knows these as they stood at this report. */
    void heard(Collection<Holding> holdings, long sequence) {
        for (Telling one : List.copyOf(all)) {
            if (one.after() < sequence) {
                holdings.forEach(one.left()::remove);
                if (one.left().isEmpty()) {
                    one.told().tryComplete();
                }
            }
        }
    }

    void failed(Collection<Holding> holdings, Throwable cause) {
        for (Telling one : List.copyOf(all)) {
            if (!Collections.disjoint(one.left(), holdings)) {
                one.told().tryFail(cause);
            }
        }
    }
}
