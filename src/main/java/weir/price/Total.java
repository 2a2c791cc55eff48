package weir.price;

import weir.usage.Kind;

/**
 * A sum of amounts times rates, exact until it is rounded up once at the end.
 *
 * <p>An amount (at most 10^12) times a rate (at most 10^14 nano-dollars) is up to 10^26, more than
 * a {@code long} holds. So the rate is split: its whole nano-dollars per unit are multiplied into
 * whole nano-dollars, and only its remainder (below the 3.6 million milliseconds of an hour, the
 * most units that a price is for) is multiplied apart, to at most 3.6 * 10^18. What is left of a
 * nano-dollar is kept in parts that all prices divide: the least common multiple of a million and
 * of 3.6 million, a thousand times finer for one {@linkplain #uplift factor in thousandths}. Sums
 * beyond {@link Usd#MAX_NANO_USD} stay there: never wrapped, and the order of costs is kept.
 */
final class Total {
    private static final long PARTS_PER_NANO = 18_000_000_000L;
    private static final int THOUSAND = 1000;

    /** The largest factor for whole nano-dollars: 2^52 times 2000 is below 2^63. */
    static final int MAX_UPLIFT_THOUSANDTHS = 2000;

    private long nanoUsd;
    private long parts;

    void add(long amount, Rates rates, Kind kind) {
        if (amount == 0) {
            return;
        }
        long rate = rates.nanoUsd(kind);
        long units = kind.per().units();
        long wholePerUnit = rate / units;
        long rest = amount * (rate % units);
        boolean fits = wholePerUnit == 0 || amount <= Usd.MAX_NANO_USD / wholePerUnit;
        addNanos(fits ? amount * wholePerUnit : Usd.MAX_NANO_USD);
        addNanos(rest / units);
        parts += rest % units * (PARTS_PER_NANO / units);
        carry();
    }

    /** Multiplies the sum so far. At most once: a second factor would need a finer unit. */
    void uplift(int thousandths) {
        long scaled = nanoUsd * thousandths;
        parts = parts * thousandths / THOUSAND + scaled % THOUSAND * (PARTS_PER_NANO / THOUSAND);
        nanoUsd = Math.min(scaled / THOUSAND, Usd.MAX_NANO_USD);
        carry();
    }

    long roundedUpNanoUsd() {
        return Math.min(nanoUsd + (parts > 0 ? 1 : 0), Usd.MAX_NANO_USD);
    }

    private void carry() {
        addNanos(parts / PARTS_PER_NANO);
        parts %= PARTS_PER_NANO;
    }

    private void addNanos(long more) {
        nanoUsd = Math.min(nanoUsd + more, Usd.MAX_NANO_USD);
    }
}
