package weir.limit;

import java.util.List;

/**
 * What a limit does at its edges.
 *
 * @param waitMillis how long a request may queue where a rate is short; 0 to refuse at once
 * @param softPercents thresholds below 100 that are reported when spend crosses them, ascending
 * @param shadow count and report, refuse nobody
 * @param flatNanoUsd what a call without a price is taken to cost with {@link Unpriced#FLAT}
 */
public record Policy(
        long waitMillis,
        List<Integer> softPercents,
        WhenLedgerIsDown whenLedgerIsDown,
        boolean shadow,
        Unpriced unpriced,
        long flatNanoUsd,
        UnseenInput unseenInput,
        OnExhausted onExhausted) {

    public static final Policy DEFAULT =
            new Policy(
                    0,
                    List.of(),
                    WhenLedgerIsDown.CLOSED,
                    false,
                    Unpriced.DENY,
                    0,
                    UnseenInput.BOUND,
                    OnExhausted.CLAMP_UNCAPPED);

    public Policy {
        softPercents = List.copyOf(softPercents);
    }

    /** What happens to requests while the ledger does not answer. */
    public enum WhenLedgerIsDown {
        OPEN,
        CLOSED,
        LOCAL
    }

    /** What a budget does with a call that the price book cannot price. */
    public enum Unpriced {
        DENY,
        ALLOW,
        FLAT
    }

    /** What a budget does with input that the sidecar cannot see, such as a stored conversation. */
    public enum UnseenInput {
        /** Reserve for the model's whole context window. */
        BOUND,
        DENY
    }

    /**
     * What a budget does where the worst case does not fit but something does; the strictest first.
     */
    public enum OnExhausted {
        /** Refuse: no answer is ever cut short for money. */
        REJECT,
        /**
         * Lower the output cap of a request that names none; refuse one that names its own. A
         * stream reserves in slices and ends where the budget does.
         */
        CLAMP_UNCAPPED,
        /** Lower a cap that the caller named, too. */
        CLAMP
    }
}
