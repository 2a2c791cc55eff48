package weir.ledger;

import weir.limit.Claim;

/** A lease report in the making. */
record Report(LeaseReport so, boolean timed) {
    private static final Claim NOWHERE = Fixture.nowhere();

    static Report report(long sequence) {
        return new Report(new LeaseReport(NOWHERE, 0, sequence, 0, 0, 0, 0, 0, false), false);
    }

    Report used(long used) {
        return with(used, so.busy(), so.spare(), so.need(), so.least());
    }

    Report busy(long busy) {
        return with(so.used(), busy, so.spare(), so.need(), so.least());
    }

    Report spare(long spare) {
        return with(so.used(), so.busy(), spare, so.need(), so.least());
    }

    Report need(long need) {
        return with(so.used(), so.busy(), so.spare(), need, need);
    }

    Report least(long least) {
        return with(so.used(), so.busy(), so.spare(), so.need(), least);
    }

    Report last() {
        return new Report(
                new LeaseReport(
                        so.counter(),
                        so.windowMillis(),
                        so.sequence(),
                        so.used(),
                        0,
                        0,
                        0,
                        0,
                        true),
                timed);
    }

    private Report with(long used, long busy, long spare, long need, long least) {
        return new Report(
                new LeaseReport(
                        so.counter(),
                        so.windowMillis(),
                        so.sequence(),
                        used,
                        busy,
                        spare,
                        need,
                        least,
                        so.last()),
                timed);
    }

    /** In the window of the present. */
    Report at(Bench bench) {
        return at(bench.micros.get() / 1_000);
    }

    /** In the window of another. */
    Report at(Report other) {
        return at(other.so.windowMillis());
    }

    private Report at(long windowMillis) {
        return new Report(
                new LeaseReport(
                        so.counter(),
                        windowMillis,
                        so.sequence(),
                        so.used(),
                        so.busy(),
                        so.spare(),
                        so.need(),
                        so.least(),
                        so.last()),
                true);
    }

    /** On a counter; in the present window where none was said. */
    LeaseReport on(Claim counter, Bench bench) {
        LeaseReport r = timed ? so : at(bench).so;
        return new LeaseReport(
                counter,
                r.windowMillis(),
                r.sequence(),
                r.used(),
                r.busy(),
                r.spare(),
                r.need(),
                r.least(),
                r.last());
    }
}
