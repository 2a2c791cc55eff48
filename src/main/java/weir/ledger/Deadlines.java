package weir.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a Redis sorted set is: members by deadline, and by name where two deadlines are the same.
 */
final class Deadlines {
    private record Entry(long millis, String member) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime != 0 ? byTime : member.compareTo(other.member);
        }
    }

    private final TreeSet<Entry> inOrder = new TreeSet<>();
    private final Map<String, Entry> byMember = new HashMap<>();

    void put(String member, long deadlineMillis) {
        remove(member);
        Entry entry = new Entry(deadlineMillis, member);
        byMember.put(member, entry);
        inOrder.add(entry);
    }

    /** Whether it was there. */
    boolean remove(String member) {
        Entry entry = byMember.remove(member);
        return entry != null && inOrder.remove(entry);
    }

    /** Removes and returns the first member whose deadline has come; null where there is none. */
    @Nullable String pollOverdue(long nowMillis) {
        if (inOrder.isEmpty() || inOrder.first().millis() > nowMillis) {
            return null;
        }
        String member = inOrder.first().member();
        remove(member);
        return member;
    }

    int size() {
        return byMember.size();
    }
}
