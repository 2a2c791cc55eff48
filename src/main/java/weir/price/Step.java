package weir.price;

import java.util.List;
import weir.usage.Usage;

/**
 * Rates from a prompt length on. The <em>whole</em> request is priced by the last step that its
 * input tokens reach, not only what lies beyond: 272,001 tokens may cost twice what 272,000 do.
 *
 * @param fromInputTokens the smallest number of input tokens to which this step applies, at least 0
 */
public record Step(long fromInputTokens, Rates rates) {
    static Rates ratesFor(List<Step> steps, Usage usage) {
        if (steps.size() == 1) {
            return steps.getFirst().rates();
        }
        long inputTokens = usage.inputTokens();
        Rates reached = steps.getFirst().rates();
        for (Step step : steps) {
            if (step.fromInputTokens() <= inputTokens) {
                reached = step.rates();
            }
        }
        return reached;
    }

    /**
     * @throws IllegalArgumentException if the first does not begin at 0, or steps do not ascend
     */
    static List<Step> checked(List<Step> steps) {
        if (steps.isEmpty() || steps.getFirst().fromInputTokens() != 0) {
            throw new IllegalArgumentException("the first step begins at 0 input tokens");
        }
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).fromInputTokens() <= steps.get(i - 1).fromInputTokens()) {
                throw new IllegalArgumentException(
                        "steps ascend by input tokens; step "
                                + i
                                + " begins at "
                                + steps.get(i).fromInputTokens());
            }
        }
        return List.copyOf(steps);
    }
}
