package weir.proxy;

import java.util.List;
import weir.limit.Amounts;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/** What a session has come to so far. */
final class Tab {
    private final Lane lane;
    private final Notes notes;
    private final Usage.Tally used = new Usage.Tally();
    private long costNanoUsd;

    Tab(Lane lane, Notes notes) {
        this.lane = lane;
        this.notes = notes;
    }

    /** What the provider has reported of a turn, and what that costs. */
    Amounts add(List<UsageLine> reported) {
        return reported.isEmpty()
                ? Amounts.NOTHING
                : add(charge(new UsageReport(reported, true, 0)));
    }

    private Amounts add(Charge turn) {
        for (Kind kind : Kind.values()) {
            used.add(kind, turn.usage().amount(kind));
        }
        // A flat price is that of the session.
        long nanoUsd = notes.demand.flatNanoUsd() < 0 ? turn.amounts().nanoUsd() : 0;
        costNanoUsd += nanoUsd;
        return turn.amounts().withNanoUsd(nanoUsd);
    }

    private Charge charge(UsageReport report) {
        return Charge.of(report, notes.demand, notes.peek, notes.shelf, lane.now());
    }

    /** The most that a turn can use. */
    Charge worst() {
        return charge(new UsageReport(List.of(), false, notes.demand.worst().outputTokens()));
    }

    private long flatNanoUsd() {
        return Math.max(0, notes.demand.flatNanoUsd());
    }

    /** What is to be settled at the end, as one request, where turns have left so much. */
    Amounts unsettled(Amounts left) {
        long nanoUsd = left.nanoUsd() + flatNanoUsd();
        return new Amounts(1, left.inputTokens(), left.outputTokens(), nanoUsd);
    }

    /**
     * What all of it costs.
     *
     * @param broken turns that nobody will report
     */
    Charge total(int broken) {
        for (int i = 0; i < broken; i++) {
            add(worst());
        }
        Usage all = used.toUsage();
        long nanoUsd = costNanoUsd + flatNanoUsd();
        Amounts amounts = new Amounts(1, all.inputTokens(), all.outputTokens(), nanoUsd);
        return new Charge(amounts, all, broken > 0);
    }
}
