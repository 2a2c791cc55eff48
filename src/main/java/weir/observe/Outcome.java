package weir.observe;

import java.util.Locale;

/** How a request ended: the {@code outcome} label and log key. */
public enum Outcome {
    /** The provider's answer reached the caller whole, and was not an error. */
    OK,
    /** Weir said no. */
    REFUSED,
    /** The provider answered with an error status, which was passed on. */
    UPSTREAM_ERROR,
    /** The provider's answer broke off or ran out of time after it had begun. */
    BROKEN,
    /** A budget ran out while the answer went by: it was ended in the provider's own words. */
    TRUNCATED,
    /** The caller left before the answer was complete. */
    CALLER_GONE,
    /** A bug in Weir; the log has its stack trace. */
    FAILED;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }
}
