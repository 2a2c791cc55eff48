package weir.price;

import weir.usage.Kind;

/**
 * A sum of amounts times rates, exact until it is rounded up once at the end.
 *
 * <p>An amount (at most 10^12) times a rate (at most 10^14 nano-dollars per million) is up to 10^26
 * femto-dollars, more than a {@code long} holds. So the rate is split: its whole nano-dollars per
 * unit are multiplied into whole nano-dollars, and only its remainder (below 10^6) into
 * femto-dollars, at most 10^18. What is left of a nano-dollar is kept in atto-dollars:
 * femto-dollars times one {@linkplain #uplift factor in thousandths} have no finer part. Sums
 * beyond {@link Usd#MAX_NANO_USD} stay there: never wrapped, and the order of costs is kept.
 */
final class Total {
    private static final long MILLION = 1_000_000;
    private static final long ATTOS_PER_NANO = 1_000_000_000;
    private static final int THOUSAND = 1000;

    /** The largest factor for whole nano-dollars: 2^52 times 2000 is below 2^63. */
    static final int MAX_UPLIFT_THOUSANDTHS = 2000;

    private long nanoUsd;
    private long attoUsd;

    void add(long amount, Rates rates, Kind kind) {
        if (amount == 0) {
            return;
        }
        long rate = rates.nanoUsdPerMillion(kind);
        long wholePerUnit = rate / MILLION;
        long femtoUsd = amount * (rate % MILLION);
        boolean fits = wholePerUnit == 0 || amount <= Usd.MAX_NANO_USD / wholePerUnit;
        addNanos(fits ? amount * wholePerUnit : Usd.MAX_NANO_USD);
        addNanos(femtoUsd / MILLION);
        attoUsd += femtoUsd % MILLION * THOUSAND;
        carry();
    }

    /** Multiplies the sum so far. At most once: a second factor would need a finer unit. */
    void uplift(int thousandths) {
        long scaled = nanoUsd * thousandths;
        attoUsd =
                attoUsd * thousandths / THOUSAND + scaled % THOUSAND * (ATTOS_PER_NANO / THOUSAND);
        nanoUsd = Math.min(scaled / THOUSAND, Usd.MAX_NANO_USD);
        carry();
    }

    long roundedUpNanoUsd() {
        return Math.min(nanoUsd + (attoUsd > 0 ? 1 : 0), Usd.MAX_NANO_USD);
    }

    private void carry() {
        addNanos(attoUsd / ATTOS_PER_NANO);
        attoUsd %= ATTOS_PER_NANO;
    }

    private void addNanos(long more) {
        nanoUsd = Math.min(nanoUsd + more, Usd.MAX_NANO_USD);
    }
}
