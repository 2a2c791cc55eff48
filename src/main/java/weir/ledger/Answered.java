package weir.ledger;

import weir.limit.Standing;

/** The last answer that a holder has, and how it stood when it sent the report for it. */
record Answered(Lease lease, Stand stand) {
    record Stand(long micros, long used, long busy) {}

    /** What could be handed out then. */
    long spare() {
        return lease.amount() - stand.busy();
    }

    /** What other holders have to spare. */
    long others() {
        return Math.max(0, lease.standing().leased() - spare());
    }

    /**
     * By how much more is out than there is, as where a lease has ended whose requests go on, or
     * the limit was lowered: so much of what is free, or will be, is handed out to nobody.
     */
    long excess() {
        Standing all = lease.standing();
        return Math.max(0, all.used() + all.reserved() + all.leased() - all.limit());
    }
}
