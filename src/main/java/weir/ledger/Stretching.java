package weir.ledger;

import weir.ledger.Reservation.Stretch;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing.Verdict;

/** What one budget grants of a claim that can do with less. */
record Stretching(Verdict verdict, long granted) {
    /** What {@link Stretch} says, for one claim; {@code granted} is 0 where nothing is. */
    static Stretching of(Meter.Spend meter, Sums sums, long amount, Stretch stretch) {
        long wish = Math.min(amount, stretch.wishNanoUsd());
        long left = meter.left(sums);
        if (amount == 0 || wish <= left) {
            long most = Math.max(wish, left / Stretch.SHARE);
            return new Stretching(Verdict.FITS, Math.min(amount, most));
        }
        if (!meter.wouldExhaust(sums, wish)) {
            return new Stretching(meter.verdict(sums, wish), 0);
        }
        long least = Math.min(wish, stretch.leastNanoUsd());
        Verdict verdict = meter.verdict(sums, least);
        return new Stretching(verdict, verdict == Verdict.FITS ? left : 0);
    }
}
