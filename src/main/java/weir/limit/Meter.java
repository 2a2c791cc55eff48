package weir.limit;

import weir.limit.Standing.Verdict;

/**
 * How a limit counts one unit, and the law by which it says yes or no. A claim for nothing always
 * fits: what costs nothing is not held up by a debt.
 */
public sealed interface Meter {
    Unit unit();

    /** Requests or tokens, by a token bucket. */
    record Rate(Unit unit, Bucket bucket) implements Meter {
        /** What a bucket in this state says to a claim. */
        public Verdict verdict(Bucket.State state, long amountTokens) {
            if (amountTokens == 0) {
                return Verdict.FITS;
            }
            if (amountTokens > bucket.capacityTokens()) {
                return Verdict.TOO_LARGE;
            }
            return bucket.covers(state, amountTokens) ? Verdict.FITS : Verdict.SHORT;
        }
    }

    /**
     * Requests in flight.
     *
     * @param max at least 1
     */
    record Concurrency(long max) implements Meter {
        @Override
        public Unit unit() {
            return Unit.CONCURRENT;
        }

        /** What is said to one more request, or to none where {@code amount} is 0. */
        public Verdict verdict(long inFlight, long amount) {
            return amount == 0 || inFlight + amount <= max ? Verdict.FITS : Verdict.SHORT;
        }
    }

    /**
     * Money over a calendar window.
     *
     * @param limitNanoUsd at least 0 and at most {@link #MAX_NANO_USD}
     */
    record Spend(long limitNanoUsd, Window window) implements Meter {
        /**
         * 2^52 nano-dollars, some 4.5 million USD: what Lua still counts exactly, with room for
         * debt.
         */
        public static final long MAX_NANO_USD = 1L << 52;

        @Override
        public Unit unit() {
            return Unit.SPEND;
        }

        /**
         * What a budget says to a claim. Each no names the cure: nothing is left for anybody, so
         * wait for the next window ({@code EXHAUSTED}); this claim would not fit even a fresh
         * window, so ask for less ({@code TOO_LARGE}); what is already spent leaves too little
         * ({@code EXHAUSTED}); what others hold leaves too little, and they may settle below it
         * ({@code RESERVED}).
         */
        public Verdict verdict(Sums sums, long amountNanoUsd) {
            if (amountNanoUsd == 0) {
                return Verdict.FITS;
            }
            if (sums.spent() >= limitNanoUsd) {
                return Verdict.EXHAUSTED;
            }
            if (amountNanoUsd > limitNanoUsd) {
                return Verdict.TOO_LARGE;
            }
            if (wouldExhaust(sums, amountNanoUsd)) {
                return Verdict.EXHAUSTED;
            }
            return amountNanoUsd > left(sums) ? Verdict.RESERVED : Verdict.FITS;
        }

        /** Whether this would not fit even if everybody gave back what they hold. */
        public boolean wouldExhaust(Sums sums, long amountNanoUsd) {
            return amountNanoUsd > limitNanoUsd - sums.spent();
        }

        /** What nobody has spent or holds; negative in debt. */
        public long left(Sums sums) {
            return limitNanoUsd - sums.spent() - sums.held() - sums.leased();
        }

        /**
         * What a window has seen, in nano-dollars, each from 0 to {@link #MAX_NANO_USD}.
         *
         * @param spent settled, or charged because a hold was overdue; may exceed the limit
         * @param held by grants that nobody has settled
         * @param leased by sidecars ahead of need, beyond what their requests hold
         */
        public record Sums(long spent, long held, long leased) {}
    }
}
