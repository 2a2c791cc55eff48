package weir.limit;

import java.util.Locale;

/** Why a request is refused: the words of {@code x-weir-reason}, of the metrics and of the log. */
public enum Reason {
    RATE_LIMITED,
    BUDGET_EXHAUSTED,
    BUDGET_RESERVED,
    UNPRICED,
    UNKNOWN_KEY,
    NOT_ALLOWED,
    TOO_LARGE,
    /** The request itself cannot be read: broken JSON, a field of the wrong type, no model. */
    BAD_REQUEST,
    /** No provider of that name. */
    NO_ROUTE,
    /** The sidecar holds as many request bodies as it may. */
    OVERLOADED,
    LEDGER_UNAVAILABLE,
    UPSTREAM_UNAVAILABLE,
    UPSTREAM_TIMEOUT,
    DRAINING;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }
}
