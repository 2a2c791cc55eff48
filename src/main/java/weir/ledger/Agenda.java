package weir.ledger;

/** When a holding reports to the ledger without being asked; microseconds throughout. */
final class Agenda {
    /** Settlements are gathered for so long; nobody waits for them. */
    static final long SETTLED_MICROS = 250_000;

    /** For so long others may take what is handed out for merely leased. */
    static final long TAKEN_MICROS = 250_000;

    /** What is to be given back, and may be waited for, is gathered for so long. */
    static final long GIVE_BACK_MICROS = 2_000;

    /** At most so many times a second a lease is topped up ahead of need. */
    static final long TOP_UP_MICROS = 20_000;

    /** So often a holder that has something to spare hears whether others are short. */
    static final long POLL_MICROS = 250_000;

    /** Two reports may be lost before a lease ends. */
    static final long HEARTBEAT_MICROS = Lease.MILLIS * 1_000 / 3;

    /** So often the ledger is told what was spent in a window, in case that it has lost it. */
    static final long RECORD_MICROS = 60_000_000;

    /** So often what is idle is looked at, to be dropped. */
    static final long IDLE_MICROS = 1_000_000;

    static final long NONE = Long.MAX_VALUE;

    private long changeMicros = NONE;
    private long changeSentMicros = NONE;
    private long sentMicros;
    private long restsUntilMicros;
    private boolean reporting;

    /**
     * What a report depends on.
     *
     * @param free what can be handed out
     * @param target what should be
     * @param protects whether a lease must be kept alive
     * @param record whether what was used must be kept known
     */
    record State(long free, long target, boolean protects, boolean record) {}

    void taken(long nowMicros) {
        changeMicros = Math.min(changeMicros, nowMicros + TAKEN_MICROS);
    }

    void settled(long nowMicros) {
        changeMicros = Math.min(changeMicros, nowMicros + SETTLED_MICROS);
    }

    /** Somebody wants the ledger to know now. */
    void hurry(long nowMicros) {
        restsUntilMicros = 0;
        changeMicros = Math.min(changeMicros, nowMicros);
    }

    void sent(long nowMicros) {
        reporting = true;
        sentMicros = nowMicros;
        changeSentMicros = changeMicros;
        changeMicros = NONE;
    }

    void answered() {
        restsUntilMicros = 0;
        reporting = false;
        changeSentMicros = NONE;
    }

    /** The ledger may or may not have heard: it is told again soon, whatever it was. */
    void failed() {
        reporting = false;
        changeMicros = Math.min(changeMicros, sentMicros + SETTLED_MICROS);
        changeSentMicros = NONE;
        restsUntilMicros = sentMicros + SETTLED_MICROS;
    }

    /** Whether the last report was neither answered nor has failed. */
    boolean isReporting() {
        return reporting;
    }

    /** Whether the ledger knows all. */
    boolean isClean() {
        return changeMicros == NONE && changeSentMicros == NONE;
    }

    long dueMicros(State state) {
        long due = Math.min(changeMicros, sentMicros + RECORD_MICROS);
        if (state.free() > 0) {
            long wait = state.target() == 0 ? GIVE_BACK_MICROS : POLL_MICROS;
            due = Math.min(due, sentMicros + wait);
        }
        if (2 * state.free() < state.target()) {
            due = Math.min(due, sentMicros + TOP_UP_MICROS);
        }
        if (state.protects()) {
            due = Math.min(due, sentMicros + HEARTBEAT_MICROS);
        } else if (!state.record()) {
            due = Math.min(due, sentMicros + IDLE_MICROS);
        }
        return Math.max(due, restsUntilMicros);
    }
}
