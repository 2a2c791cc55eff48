package weir.ledger;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Policy.WhenLedgerIsDown;
import weir.limit.Subject;
import weir.limit.Unit;
import weir.limit.Window;
import weir.limit.Window.Period;

/** Limits for the tests, and the claims of one request on them. */
final class Fixture {
    static final long MINUTE_MICROS = 60_000_000;

    private final List<Limit> limits = new ArrayList<>();
    private final String run;
    private final Dimension per;

    Fixture(String run) {
        this(run, new Dimension(Dimension.Source.TENANT, ""));
    }

    private Fixture(String run, Dimension per) {
        this.run = run;
        this.per = per;
    }

    /** With a hash tag for each limit: a cluster has them on several servers. */
    static Fixture scattered(String run) {
        return new Fixture(run, new Dimension(Dimension.Source.HEADER, "tenant"));
    }

    static Meter rate(Unit unit, long perMinute) {
        return new Meter.Rate(unit, new Bucket(perMinute, MINUTE_MICROS, perMinute));
    }

    static Meter slots(long max) {
        return new Meter.Concurrency(max);
    }

    static Meter spend(long limitNanoUsd, Period period) {
        return new Meter.Spend(limitNanoUsd, new Window(period, ZoneOffset.UTC));
    }

    /** Per tenant. */
    Fixture limit(String name, Meter... meters) {
        return add(name, Policy.DEFAULT.whenLedgerIsDown(), false, meters);
    }

    Fixture shadow(String name, Meter... meters) {
        return add(name, Policy.DEFAULT.whenLedgerIsDown(), true, meters);
    }

    /** Named as what it does while the ledger is away. */
    Fixture limit(WhenLedgerIsDown policy, Meter... meters) {
        return add(policy.name(), policy, false, meters);
    }

    private Fixture add(String name, WhenLedgerIsDown down, boolean shadow, Meter... meters) {
        Policy d = Policy.DEFAULT;
        limits.add(
                new Limit(
                        run + name,
                        Match.ALL,
                        List.of(per),
                        List.of(meters),
                        new Policy(
                                d.waitMillis(),
                                d.softPercents(),
                                down,
                                shadow,
                                d.unpriced(),
                                d.flatNanoUsd(),
                                d.unseenInput(),
                                d.onExhausted())));
        return this;
    }

    /** A claim for where any will do. */
    static Claim nowhere() {
        return new Fixture("").limit("nowhere", slots(1)).claims(Amounts.NOTHING).getFirst();
    }

    List<Claim> claims(Amounts amounts) {
        return claims("shop", amounts);
    }

    List<Claim> claims(String tenant, Amounts amounts) {
        Subject subject =
                new Subject("openai", "m", List.of("m"), tenant, "", "chat", Map.of(), h -> tenant);
        return Claim.of(limits, subject, amounts);
    }

    /** One request of so many nano-dollars. */
    static Amounts costs(long nanoUsd) {
        return new Amounts(1, 0, 0, nanoUsd);
    }

    static Amounts tokens(long input, long output) {
        return new Amounts(1, input, output, 0);
    }
}
