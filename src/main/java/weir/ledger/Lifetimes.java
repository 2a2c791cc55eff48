package weir.ledger;

/**
 * How long the ledger remembers, in milliseconds. {@code law.lua} states the same numbers; a test
 * compares.
 */
final class Lifetimes {
    /** The longest reservation: a batch may take a day, and tells what it used a little later. */
    static final long MAX_TTL_MILLIS = 26 * 3_600_000L;

    /** For so long after its deadline a hold that ended as a charge can still be corrected. */
    static final long REMEMBER_MILLIS = 3_600_000;

    /** A window outlives its end by the longest reservation and the time to correct it. */
    static final long AFTER_WINDOW_MILLIS = MAX_TTL_MILLIS + REMEMBER_MILLIS;

    /** A window that never turns is kept for 400 days after its last use. */
    static final long TOTAL_MILLIS = 400 * 86_400_000L;

    /**
     * For so long a repeated settlement is recognised. A sidecar that cannot reach Redis for a
     * whole day refuses calls long before.
     */
    static final long MARK_MILLIS = 86_400_000;

    /**
     * At most so many overdue holds of a counter are charged in one look, so that no caller pays
     * for many.
     */
    static final int OVERDUE_AT_ONCE = 16;

    /**
     * When to ask again where only other requests can make room: a guess, in the order of a short
     * answer.
     */
    static final long ASK_AGAIN_MILLIS = 1_000;

    private Lifetimes() {}
}
