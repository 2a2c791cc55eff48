package weir.usage;

import java.util.List;

/**
 * One line of a bill: what one model used, under which terms.
 *
 * @param model the model that did the work, as the response names it
 * @param usage what it used
 * @param terms what the response says about the terms it was served under, in the price book's
 *     words ({@code batch}, {@code flex}, {@code priority}, {@code fast}, {@code us}), which choose
 *     the rates
 */
public record UsageLine(String model, Usage usage, List<String> terms) {
    public UsageLine {
        terms = List.copyOf(terms);
    }
}
