package weir.observe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values that one label may take: the first so many that are seen, and {@code other} for the
 * rest. Callers choose models and headers; without a bound they would choose the size of every
 * scrape.
 */
final class Labels {
    static final String OTHER = "other";

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final int max;
    private final Runnable clipped;

    Labels(int max, Runnable clipped) {
        this.max = max;
        this.clipped = clipped;
    }

    /**
     * The value, or {@code other}.
     *
     * @param admit whether a new value may take a place: not for what was refused, or callers could
     *     fill the list with names that mean nothing
     */
    String bound(String value, boolean admit) {
        if (value.isEmpty() || seen.contains(value)) {
            return value;
        }
        if (admit && seen.size() < max && value.length() <= 128) {
            seen.add(value);
            return value;
        }
        clipped.run();
        return OTHER;
    }
}
