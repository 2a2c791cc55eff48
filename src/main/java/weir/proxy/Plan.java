package weir.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ledger.Reservation.Stretch;
import weir.limit.Limit;
import weir.limit.Policy;
import weir.limit.Policy.OnExhausted;
import weir.provider.OutputCap;
import weir.provider.Peek;

/**
 * How a call's money is reserved, where budgets apply to it.
 *
 * <p>A worst case seldom happens: a request that names no output cap may be answered with 128,000
 * tokens, and is with 300. To hold the worst case anyway would lock a budget up; to hold less and
 * hope would break it. So the worst case itself is made smaller: the request's cap is lowered to
 * what is granted ({@link Clamp}), or a stream of which everything is seen is ended where its money
 * ends, unless more is granted on the way ({@link Slices}).
 */
sealed interface Plan {
    /** Below this an answer is not worth paying its input for. */
    long LEAST_TOKENS = 32;

    /** What a call whose answers are short is granted at least, if it can be. */
    long USUAL_TOKENS = 1_024;

    /**
     * Of text, rounded up. A stream's output is counted in bytes, so an answer of the usual length
     * needs so much more than its tokens, until it settles at them. To hold less would admit more
     * streams than the budget lets come to their end.
     */
    long BYTES_PER_TOKEN = 5;

    /** The least of a stream that is held at first. */
    long SLICE_TOKENS = 256;

    /**
     * Kept in a slice for what the provider makes before it notices that nobody listens any more:
     * half a second of a fast model.
     */
    long GUARD_TOKENS = 64;

    /**
     * A budget that has less left than so many worst cases is near its end, where an answer that is
     * cut costs more than it is worth.
     */
    long NEAR_END = 16;

    /** How the reservation's claims of money may be stretched. */
    Stretch stretch();

    /**
     * The plan to go on with once the budgets have said how much they have left, in nano-dollars.
     */
    Plan with(long leftNanoUsd);

    /** The worst case or nothing. */
    record Whole() implements Plan {
        @Override
        public Stretch stretch() {
            return Stretch.NONE;
        }

        @Override
        public Plan with(long leftNanoUsd) {
            return this;
        }
    }

    /** As much of the worst case as is granted; the request is made to want no more. */
    record Clamp(Tariff tariff, OutputCap field, Stretch stretch) implements Plan {
        @Override
        public Plan with(long leftNanoUsd) {
            return this;
        }
    }

    /**
     * A slice of a stream, and more while it goes by. A stream that is cut is charged by its bytes,
     * several times what the provider makes of them; so where a budget is near its end, and the
     * request's cap may be lowered, the first slice becomes the cap: it is ample for a usual
     * answer, is counted in tokens, by the provider, and what it leaves over is given back.
     *
     * @param nearEnd null where the cap may not be lowered
     */
    record Slices(Tariff tariff, long firstNanoUsd, Stretch stretch, @Nullable Clamp nearEnd)
            implements Plan {
        @Override
        public Plan with(long leftNanoUsd) {
            long worst = tariff.nanoUsd(tariff.mostTokens());
            return nearEnd != null && leftNanoUsd / NEAR_END < worst ? nearEnd : this;
        }
    }

    Plan WHOLE = new Whole();

    /**
     * Chooses.
     *
     * @param expectedTokens what the model is likely to answer, per choice
     * @param limits all that apply
     */
    static Plan of(Tariff tariff, Peek peek, long expectedTokens, List<Limit> limits) {
        OnExhausted strictest = strictest(limits);
        if (strictest == OnExhausted.REJECT) {
            return WHOLE;
        }
        boolean mayLower = peek.outputCap().isEmpty() || strictest == OnExhausted.CLAMP;
        OutputCap field = mayLower ? peek.lowerCap() : null;
        long first = Math.max(SLICE_TOKENS, 2 * expectedTokens * BYTES_PER_TOKEN);
        if (peek.stream() && peek.visibleOutput() && first < tariff.mostTokens()) {
            return slices(tariff, first, field);
        }
        return field == null ? WHOLE : clamp(tariff, field, expectedTokens);
    }

    private static Plan slices(Tariff tariff, long first, @Nullable OutputCap field) {
        long nanoUsd = tariff.nanoUsd(first);
        if (field == null) {
            return new Slices(tariff, nanoUsd, Stretch.NONE, null);
        }
        // Less than the first slice is granted at the very end only, where it becomes the cap.
        long least = Math.max(LEAST_TOKENS, field.leastTokens());
        Stretch stretch = new Tokens(first, least).stretch(tariff);
        return new Slices(tariff, nanoUsd, stretch, new Clamp(tariff, field, stretch));
    }

    private static Plan clamp(Tariff tariff, OutputCap field, long expectedTokens) {
        long most = tariff.mostTokens();
        long least = Math.min(most, Math.max(LEAST_TOKENS, field.leastTokens()));
        long usual = Math.min(most, Math.max(USUAL_TOKENS, 2 * expectedTokens));
        Tokens tokens = new Tokens(Math.max(usual, least), least);
        return new Clamp(tariff, field, tokens.stretch(tariff));
    }

    /** Output caps per choice between which a grant may be. */
    record Tokens(long wish, long least) {
        /** What costs nothing has no claims to stretch. */
        Stretch stretch(Tariff tariff) {
            return new Stretch(
                    Math.max(1, tariff.nanoUsd(wish)), Math.max(1, tariff.nanoUsd(least)));
        }
    }

    /** Without a budget in force nothing is ever cut short. */
    private static OnExhausted strictest(List<Limit> limits) {
        boolean budgeted = false;
        OnExhausted strictest = OnExhausted.CLAMP;
        for (Limit limit : limits) {
            Policy policy = limit.policy();
            if (!policy.shadow() && limit.isBudget()) {
                budgeted = true;
                OnExhausted own = policy.onExhausted();
                strictest = own.compareTo(strictest) < 0 ? own : strictest;
            }
        }
        return budgeted ? strictest : OnExhausted.REJECT;
    }
}
