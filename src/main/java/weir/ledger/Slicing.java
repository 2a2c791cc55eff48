package weir.ledger;

/**
 * How large a lease becomes: one arithmetic for every meter, in whole numbers of its unit.
 *
 * <p>A holder gets what it asks for beyond its requests in flight, but no more than one part in
 * twice the number of holders of what is left: slices are cut from what remains, and shrink with
 * it, so that near the end every request is asked for by itself. A request that waits gets what it
 * needs, if that is there.
 *
 * @param room what this holder could have beyond its requests in flight
 * @param spareAtMost the share of that which is granted ahead of need
 * @param granted beyond the requests in flight; the need or more, or 0 where the need is not there
 */
record Slicing(long room, long spareAtMost, long granted) {
    /**
     * What a report is granted.
     *
     * @param room what the holder could have beyond its requests in flight; may be negative
     * @param holders how many there are with this one
     * @param stretches whether less than the need would do, because the need would not fit even if
     *     all others gave back what they hold
     */
    static Slicing of(
            LeaseReport report, long room, int holders, Supply supply, boolean stretches) {
        long share = supply == Supply.AMPLE ? Math.max(0, room) / (2L * Math.max(1, holders)) : 0;
        long granted = 0;
        if (report.need() <= room) {
            granted = Math.max(report.need(), Math.min(report.spare(), share));
        } else if (stretches && report.least() <= room) {
            granted = room;
        }
        return new Slicing(room, share, granted);
    }

    /** Whether others are short, who wait for what holders can spare. */
    enum Supply {
        AMPLE,
        SHORT
    }

    /** Whether what a request waits for is there. */
    boolean covers(LeaseReport report) {
        return report.need() == 0 || granted > 0;
    }

    /**
     * The lease: never below what the holder may be handing out at this moment, and never below
     * what its requests in flight hold.
     */
    long amount(LeaseReport report, long kept) {
        return report.busy() + Math.max(granted, Math.min(kept - report.busy(), report.spare()));
    }
}
