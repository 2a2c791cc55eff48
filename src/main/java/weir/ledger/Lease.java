package weir.ledger;

import weir.limit.Standing;

/**
 * A holder's slice of one counter, as the ledger has it after a report.
 *
 * @param amount for the {@code busy} of the report and what may be handed out beyond
 * @param spareAtMost more than so much beyond is not granted while things are as they are: a part
 *     of what is left, smaller with every holder; 0 while others are short, who wait for what this
 *     holder gives back
 * @param holders how many hold a lease on this counter, this one included
 * @param atMillis the ledger's time
 * @param standing how the counter stands for everybody; the verdict is on the report's need, and
 *     {@code FITS} where it was granted
 */
public record Lease(long amount, long spareAtMost, int holders, long atMillis, Standing standing) {
    /** After so long without a report a lease ends, by the ledger's clock. */
    public static final long MILLIS = 30_000;

    /** For so long after somebody was short holders are asked to keep nothing to spare. */
    static final long RECALL_MILLIS = 1_000;
}
