package weir.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What belongs to one slot of a cluster.
 *
 * @param places of the items in the whole
 */
record SlotPart<T>(RedisLedger ledger, List<T> items, List<Integer> places) {
    /** The answers of all slots in the order of the items. */
    static <T, R> List<R> merge(List<SlotPart<T>> parts, List<List<R>> answers) {
        if (parts.isEmpty()) {
            return List.of();
        }
        int size = parts.stream().mapToInt(p -> p.items().size()).sum();
        List<R> whole = new ArrayList<>(Collections.nCopies(size, answers.getFirst().getFirst()));
        for (int i = 0; i < parts.size(); i++) {
            for (int j = 0; j < answers.get(i).size(); j++) {
                whole.set(parts.get(i).places().get(j), answers.get(i).get(j));
            }
        }
        return whole;
    }
}
