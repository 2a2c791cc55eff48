package weir.usage;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a response was seen to use. Usually one line; more where a provider lets other models work
 * inside one request (Anthropic's advisor and fallback iterations).
 *
 * @param lines empty when the provider reported nothing
 * @param complete whether the provider's own final report was seen; if not, the caller of this
 *     record has to estimate upward from what passed
 * @param outputBytes bytes of generated content that passed, the base of such an estimate
 * @param billedNanoUsd what the provider itself says that it charges, in nano-dollars, rounded up;
 *     empty where it says nothing of money
 */
public record UsageReport(
        List<UsageLine> lines, boolean complete, long outputBytes, OptionalLong billedNanoUsd) {
    public UsageReport {
        lines = List.copyOf(lines);
    }

    /** Of a provider that says nothing of money. */
    public UsageReport(List<UsageLine> lines, boolean complete, long outputBytes) {
        this(lines, complete, outputBytes, OptionalLong.empty());
    }
}
