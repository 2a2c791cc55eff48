package weir.usage;

import java.util.List;

/**
 * What a response was seen to use. Usually one line; more where a provider lets other models work
 * inside one request (Anthropic's advisor and fallback iterations).
 *
 * @param lines empty when the provider reported nothing
 * @param complete whether the provider's own final report was seen; if not, the caller of this
 *     record has to estimate upward from what passed
 * @param outputBytes bytes of generated content that passed, the base of such an estimate
 */
public record UsageReport(List<UsageLine> lines, boolean complete, long outputBytes) {
    public UsageReport {
        lines = List.copyOf(lines);
    }
}
