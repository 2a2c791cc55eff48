package weir.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.limit.Dimension.Source;
import weir.limit.Standing.Verdict;
import weir.limit.Window.Period;

final class ClaimTest {
    private static final Subject SUBJECT =
            new Subject(
                    "openai",
                    "gpt",
                    List.of("gpt"),
                    "shop",
                    "checkout",
                    "chat",
                    Map.of("team", "pay"),
                    h -> h.equals("x-user") ? "u1" : "");
    private static final Meter.Spend BUDGET =
            new Meter.Spend(100, new Window(Period.DAY, ZoneOffset.UTC));

    private static Limit limit(List<Dimension> per, List<Meter> meters) {
        return new Limit("l", Match.ALL, per, meters, Policy.DEFAULT);
    }

    @Test
    void oneForEachMeterInOrderWithItsOwnAmount() {
        List<Meter> meters =
                List.of(
                        new Meter.Rate(Unit.REQUESTS, new Bucket(1, 1, 1)),
                        new Meter.Rate(Unit.INPUT_TOKENS, new Bucket(1, 1, 1)),
                        new Meter.Rate(Unit.OUTPUT_TOKENS, new Bucket(1, 1, 1)),
                        new Meter.Rate(Unit.TOKENS, new Bucket(1, 1, 1)),
                        new Meter.Concurrency(1),
                        BUDGET);
        List<Limit> limits = List.of(limit(List.of(), meters));
        List<Claim> claims = Claim.of(limits, SUBJECT, new Amounts(1, 20, 300, 4_000));
        assertEquals(
                List.of(1L, 20L, 300L, 320L, 1L, 4_000L),
                claims.stream().map(Claim::amount).toList());
        assertEquals(meters, claims.stream().map(Claim::meter).toList());
    }

    @Test
    void theScopeIsTheSubjectsValuesInOrder() {
        List<Dimension> per =
                List.of(
                        new Dimension(Source.HEADER, "x-user"),
                        new Dimension(Source.LABEL, "team"),
                        new Dimension(Source.LABEL, "none"),
                        new Dimension(Source.KEY, ""),
                        new Dimension(Source.TENANT, ""),
                        new Dimension(Source.MODEL, ""),
                        new Dimension(Source.PROVIDER, ""));
        Claim claim =
                Claim.of(List.of(limit(per, List.of(BUDGET))), SUBJECT, Amounts.NOTHING).getFirst();
        assertEquals(List.of("u1", "pay", "", "checkout", "shop", "gpt", "openai"), claim.scope());
    }

    @Test
    void absurdTokensStayANumber() {
        Amounts most = new Amounts(1, Long.MAX_VALUE, Long.MAX_VALUE, 0);
        assertEquals(Long.MAX_VALUE, most.of(Unit.TOKENS));
        assertThrows(IllegalArgumentException.class, () -> new Amounts(1, -1, 0, 0));
    }

    /**
     * Every small budget, sum and amount: a yes never passes the limit, and each no names its cure.
     */
    @Test
    void aBudgetsVerdictExhaustively() {
        for (int i = 0; i < 6 * 8 * 6 * 9; i++) {
            long limit = i % 6;
            long spent = i / 6 % 8;
            long held = i / 48 % 6;
            long amount = i / 288;
            Meter.Spend budget = new Meter.Spend(limit, BUDGET.window());
            Verdict verdict = budget.verdict(new Meter.Spend.Sums(spent, held, 0), amount);
            boolean fits = amount == 0 || spent + held + amount <= limit;
            boolean afterOthersGaveBack = spent + amount <= limit;
            boolean freshWindow = amount <= limit;
            Verdict expected =
                    fits
                            ? Verdict.FITS
                            : afterOthersGaveBack
                                    ? Verdict.RESERVED
                                    : spent >= limit || freshWindow
                                            ? Verdict.EXHAUSTED
                                            : Verdict.TOO_LARGE;
            assertEquals(expected, verdict, limit + " " + spent + " " + held + " " + amount);
        }
    }
}
