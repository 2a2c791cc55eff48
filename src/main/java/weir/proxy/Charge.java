package weir.proxy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import weir.limit.Amounts;
import weir.price.Ask;
import weir.price.ModelPrice;
import weir.price.Shelf;
import weir.provider.Peek;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What a request is charged.
 *
 * @param estimated whether the provider did not report usage, so that it was bounded from what
 *     passed
 */
record Charge(Amounts amounts, Usage usage, boolean estimated) {
    /** Of a request that no provider saw. */
    static final Charge NOTHING = new Charge(Amounts.NOTHING, Usage.NONE, false);

    /** Of a request that a provider answered with an error: counted, not billed. */
    static final Charge COUNTED = new Charge(new Amounts(1, 0, 0, 0), Usage.NONE, false);

    /**
     * Of an answer in which Weir can read no usage: counted, at the flat sum of its budgets if they
     * have one.
     */
    static Charge counted(Demand demand) {
        return new Charge(
                new Amounts(1, 0, 0, Math.max(0, demand.flatNanoUsd())), Usage.NONE, false);
    }

    /** Of a request that was sent and never answered. */
    static Charge unanswered(Demand demand, Peek peek, Shelf shelf, Instant ended) {
        return of(new UsageReport(List.of(), false, 0), demand, peek, shelf, ended);
    }

    /** By the provider's own report where it is whole, else bounded upward. */
    static Charge of(UsageReport report, Demand demand, Peek peek, Shelf shelf, Instant ended) {
        long nanoUsd = cost(report.lines(), demand, shelf, ended);
        List<UsageLine> lines = report.lines();
        if (!report.complete()) {
            lines = estimate(report, demand, peek);
            long bound =
                    report.lines().isEmpty()
                            ? dearest(lines.getFirst().usage(), demand, peek)
                            : cost(lines, demand, shelf, ended);
            // What was reported is owed in any case; what is guessed never exceeds the worst case,
            // but what was reserved: an overrun is a debt.
            nanoUsd = Math.max(nanoUsd, Math.min(bound, demand.most().nanoUsd()));
        }
        if (report.complete() && report.billedNanoUsd().isPresent()) {
            // The provider's own bill knows of discounts and tools that no price list tells.
            nanoUsd = report.billedNanoUsd().getAsLong();
        }
        if (demand.flatNanoUsd() >= 0) {
            nanoUsd = demand.flatNanoUsd();
        }
        Usage usage = total(lines);
        Amounts amounts = new Amounts(1, usage.inputTokens(), usage.outputTokens(), nanoUsd);
        return new Charge(amounts, usage, !report.complete());
    }

    /**
     * The provider of a stream that was cut off goes on for a moment, for which a guard is kept.
     * Only what was seen may make a debt.
     */
    static long seen(long outputBytes, Demand demand, Peek peek, boolean truncated) {
        long guard = truncated ? Plan.GUARD_TOKENS * peek.choices() : 0;
        return Math.max(outputBytes, Math.min(outputBytes + guard, demand.worst().outputTokens()));
    }

    /** Nobody said which kinds of tokens these were, nor whether tools ran. */
    private static long dearest(Usage usage, Demand demand, Peek peek) {
        ModelPrice price = demand.price();
        if (price == null) {
            return 0;
        }
        int toolCalls = peek.serverTools() ? Ask.TOOL_CALLS * peek.requests() : 0;
        long each = Math.ceilDiv(usage.outputTokens(), peek.choices());
        OptionalLong output = OptionalLong.of(each);
        Ask ask =
                new Ask(
                        usage.inputTokens(),
                        peek.requests(),
                        peek.choices(),
                        output,
                        toolCalls,
                        peek.terms(),
                        usage.media());
        return price.quote(ask).nanoUsd();
    }

    private static Usage total(List<UsageLine> lines) {
        if (lines.size() == 1) {
            return lines.getFirst().usage();
        }
        Usage.Tally total = new Usage.Tally();
        for (UsageLine line : lines) {
            for (Kind kind : Kind.ALL) {
                total.add(kind, line.usage().amount(kind));
            }
        }
        return total.toUsage();
    }

    private static long cost(List<UsageLine> lines, Demand demand, Shelf shelf, Instant ended) {
        if (demand.price() == null) {
            return 0;
        }
        long nanoUsd = 0;
        for (UsageLine line : lines) {
            // The model that answered may be a dated snapshot of the one asked for, or another one.
            ModelPrice own = shelf.find(line.model(), ended);
            ModelPrice price = own == null ? demand.price() : own;
            nanoUsd += price.costNanoUsd(line.usage(), line.terms());
        }
        return nanoUsd;
    }

    /**
     * What is known is kept (Anthropic reports the input first). The rest is bounded: input by the
     * worst case; a stream's output by the bytes that passed, since no token is shorter than a
     * byte; a plain answer's output by the worst case, since the provider may have made all of it
     * before the first byte. What a stream hides (reasoning that is billed and not shown) cannot be
     * counted here: {@code on-disconnect: drain} waits for the provider's own word.
     */
    private static List<UsageLine> estimate(UsageReport report, Demand demand, Peek peek) {
        long bound = demand.most().outputTokens();
        long output = peek.stream() ? Math.min(report.outputBytes(), bound) : bound;
        if (report.lines().isEmpty()) {
            Usage.Tally most = new Usage.Tally();
            for (Kind kind : Kind.ALL) {
                most.set(kind, peek.media().amount(kind));
            }
            most.set(Kind.INPUT, demand.worst().inputTokens()).set(Kind.OUTPUT, output);
            return List.of(new UsageLine(peek.model(), most.toUsage(), peek.terms()));
        }
        List<UsageLine> lines = new ArrayList<>(report.lines());
        UsageLine first = lines.getFirst();
        Usage.Tally seen = new Usage.Tally();
        for (Kind kind : Kind.ALL) {
            seen.set(kind, first.usage().amount(kind));
        }
        seen.set(Kind.OUTPUT, Math.max(first.usage().amount(Kind.OUTPUT), output));
        lines.set(0, new UsageLine(first.model(), seen.toUsage(), first.terms()));
        return lines;
    }
}
