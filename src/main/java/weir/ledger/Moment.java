package weir.ledger;

/**
 * Now, as two clocks have it.
 *
 * @param ledgerMillis since the epoch, by the ledger's clock, as far as it is known here: right
 *     about the windows, if not to the second
 * @param micros of a clock that only goes forward, by which leases end
 */
record Moment(long ledgerMillis, long micros) {}
