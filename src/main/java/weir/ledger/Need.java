package weir.ledger;

/**
 * What waiting requests need of one counter: as many as will fit, as far as one can tell, so that
 * one report serves them all; at least the first. The rest is asked for as spare.
 *
 * @param waiting how many requests there are
 * @param queued all of it together
 * @param need what the ledger shall grant as a whole, or not at all
 * @param least with how much of the need the first would do
 * @param open whether one more may be added to the need
 */
record Need(int waiting, long queued, long need, long least, boolean open) {
    static final Need NONE = new Need(0, 0, 0, 0, true);

    /**
     * What one request needs.
     *
     * @param amount from 0
     * @param least with which it would do, at most the amount
     * @param most what it could use, at least the amount
     */
    record One(long amount, long least, long most) {}

    /**
     * With one more request behind the others.
     *
     * @param room what is there, as far as one can tell
     */
    Need and(One one, long room) {
        long all = Math.min(Holding.MOST, queued + Math.min(Holding.MOST, one.most()));
        if (waiting == 0) {
            return new Need(1, all, one.amount(), one.least(), true);
        }
        long more = Math.min(Holding.MOST, need + one.amount());
        return open && more <= room
                ? new Need(waiting + 1, all, more, more, true)
                : new Need(waiting + 1, all, need, least, false);
    }
}
