package weir.ledger;

/**
 * How much of one counter this sidecar has lately been taking: a moving average in whole numbers.
 */
final class Demand {
    /** A lease is to last for so long: some reports to the ledger a second, whatever the rate. */
    static final long HORIZON_MICROS = 400_000;

    /** After so long without a claim nothing is kept to spare. */
    static final long IDLE_MICROS = 1_000_000;

    /** The average is kept in sixteenths, so that small ones do not vanish by rounding. */
    private static final int SCALE = 16;

    /** Each horizon that ends counts for a quarter of the average. */
    private static final int WEIGHT = 4;

    /** Larger sums would leave the exact range. */
    private static final long MOST = 1L << 40;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private long sinceMicros = NEVER;
    private long lastMicros = NEVER;
    private long beforeLastMicros = NEVER;
    private long taken;
    private long average;
    private long largest;

    void take(long amount, Moment now) {
        roll(now.micros());
        long bounded = Math.min(amount, MOST);
        taken = Math.min(taken + bounded, MOST);
        largest = Math.max(largest, bounded);
        beforeLastMicros = lastMicros;
        lastMicros = now.micros();
    }

    boolean isIdle(Moment now) {
        return now.micros() - lastMicros >= IDLE_MICROS;
    }

    /**
     * What to have to spare: what is taken in the time of the horizon, at least the largest recent
     * claim. Nothing for claims that are further apart than a second: each is asked for by itself.
     */
    long wanted(Moment now) {
        if (isIdle(now) || lastMicros - beforeLastMicros >= IDLE_MICROS) {
            return 0;
        }
        roll(now.micros());
        return Math.max(largest, Math.max(taken, average / SCALE));
    }

    /** The largest recent claim; fades in some seconds. */
    long largest() {
        return largest;
    }

    private void roll(long nowMicros) {
        if (nowMicros - sinceMicros >= IDLE_MICROS) {
            sinceMicros = nowMicros;
            taken = 0;
            average = 0;
            largest = 0;
        }
        while (nowMicros - sinceMicros >= HORIZON_MICROS) {
            average += (taken * SCALE - average) / WEIGHT;
            largest -= Math.ceilDiv(largest, 2 * WEIGHT);
            taken = 0;
            sinceMicros += HORIZON_MICROS;
        }
    }
}
