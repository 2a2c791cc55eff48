package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import weir.ledger.InProcessLedger;
import weir.ledger.Ledger;
import weir.ledger.Reservation;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Subject;
import weir.limit.Unit;
import weir.limit.Window;

/** How long a caller is told to wait where several limits refuse. */
final class RetryAfterTest {
    private static final Subject SUBJECT =
            new Subject("openai", "m", List.of("m"), "t", "k", "chat", Map.of(), name -> "");

    private static final List<Limit> LIMITS =
            List.of(
                    limit(
                            "calls",
                            new Meter.Rate(
                                    Unit.REQUESTS,
                                    new Bucket(1, TimeUnit.SECONDS.toMicros(20), 1))),
                    limit(
                            "month",
                            new Meter.Spend(
                                    1_000, new Window(Window.Period.MONTH, ZoneOffset.UTC))));

    private static Limit limit(String name, Meter meter) {
        return new Limit(name, Match.ALL, List.of(), List.of(meter), Policy.DEFAULT);
    }

    private final Ledger ledger =
            new InProcessLedger(() -> TimeUnit.SECONDS.toMicros(1_790_000_000));

    private List<Standing> ask(String id) {
        List<Claim> claims = Claim.of(LIMITS, SUBJECT, new Amounts(1, 1, 1, 900));
        return ledger.reserve(new Reservation(id, claims, 600_000)).result().standings();
    }

    @Test
    void aReservedBudgetDoesNotHideALongerWaitForARate() {
        ask("first");
        Refusal.Limited no = Refusal.Limited.of(ask("second"));
        assertEquals(Reason.BUDGET_RESERVED, no.reason());
        assertEquals(20, Answers.retryAfter(no));
    }
}
