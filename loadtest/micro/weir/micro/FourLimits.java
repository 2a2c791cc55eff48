package weir.micro;

import io.vertx.core.Future;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import weir.ledger.Decision;
import weir.ledger.InProcessLedger;
import weir.ledger.Reservation;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Glob;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Standing;
import weir.limit.Subject;
import weir.limit.Unit;
import weir.limit.Window;

/** The limits that a call of the load test meets, and what they say to it. */
public final class FourLimits {
    /** A call of the load test: a short question, a short answer. */
    public static final Amounts AMOUNTS = new Amounts(1, 250, 100, 2_000_000);

    public static final Subject SUBJECT =
            new Subject(
                    "openai",
                    "gpt-5-mini",
                    List.of("gpt-5-mini"),
                    "team-a",
                    "checkout",
                    "chat.completions",
                    Map.of("team", "search"),
                    name -> "");

    private static final long MINUTE_MICROS = TimeUnit.MINUTES.toMicros(1);

    private static final List<Limit> LIMITS =
            List.of(
                    new Limit(
                            "requests",
                            Match.ALL,
                            List.of(new Dimension(Dimension.Source.TENANT, "")),
                            List.of(rate(Unit.REQUESTS)),
                            Policy.DEFAULT),
                    new Limit(
                            "tokens",
                            new Match(
                                    List.of(),
                                    List.of(new Glob("gpt-*")),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    Map.of()),
                            List.of(new Dimension(Dimension.Source.TENANT, "")),
                            List.of(rate(Unit.TOKENS)),
                            Policy.DEFAULT),
                    new Limit(
                            "in-flight",
                            Match.ALL,
                            List.of(),
                            List.of(new Meter.Concurrency(1_000)),
                            Policy.DEFAULT),
                    new Limit(
                            "month",
                            Match.ALL,
                            List.of(new Dimension(Dimension.Source.TENANT, "")),
                            List.of(
                                    new Meter.Spend(
                                            4_000_000_000_000_000L,
                                            new Window(Window.Period.MONTH, ZoneOffset.UTC))),
                            Policy.DEFAULT));

    private FourLimits() {}

    private static Meter.Rate rate(Unit unit) {
        return new Meter.Rate(unit, new Bucket(600_000_000, MINUTE_MICROS, 600_000_000));
    }

    public static List<Claim> claims() {
        return Claim.of(LIMITS, SUBJECT, AMOUNTS);
    }

    /** As a ledger tells them of a call that it admits. */
    public static List<Standing> standings() {
        long nowMicros = TimeUnit.SECONDS.toMicros(1_790_000_000);
        Future<Decision> decided =
                new InProcessLedger(() -> nowMicros)
                        .reserve(new Reservation("pod-1", claims(), 600_000));
        return decided.result().standings();
    }
}
