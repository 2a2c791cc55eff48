package loadtest;

import java.util.LinkedHashMap;
import java.util.Map;

/** How often calls of one name have failed already, for {@code fail-first}. */
final class Failures {
    /** Enough for every test at once; the oldest name begins anew beyond it. */
    private static final int MAX_NAMES = 10_000;

    private final Map<String, Long> counts =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MAX_NAMES;
                }
            };

    /** Whether the next call of this name is one of the first {@code count}. */
    synchronized boolean next(String name, long count) {
        return counts.merge(name, 1L, Long::sum) <= count;
    }
}
