package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.ledger.Fixture.tokens;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** What every ledger does. A subclass says over which store. */
abstract class LedgerContract extends SettlementContract {
    private static final long DAY_LEFT_MILLIS = Duration.parse("PT13H39M29.877S").toMillis();

    @Test
    void takesAllOrNothing() {
        limits.limit("wide", rate(Unit.REQUESTS, 100), slots(9), spend(1_000, Period.DAY));
        limits.limit("narrow", rate(Unit.INPUT_TOKENS, 10));
        Decision no = bench.reserve("a", limits.claims(new Amounts(1, 11, 0, 400)));
        assertInstanceOf(Decision.Refused.class, no);
        assertEquals(
                List.of(Verdict.FITS, Verdict.FITS, Verdict.FITS, Verdict.TOO_LARGE),
                no.standings().stream().map(Standing::verdict).toList());
        for (Standing s : bench.read(limits.claims(costs(0)))) {
            assertEquals(s.limit(), s.left(), "nothing was taken of " + s);
        }
        bench.granted("b", limits.claims(new Amounts(1, 10, 0, 400)));
        assertEquals(
                List.of(99L, 8L, 600L, 0L),
                bench.read(limits.claims(costs(0))).stream().map(Standing::left).toList());
    }

    @Test
    void namesEveryLimitInTheWay() {
        limits.limit("rate", rate(Unit.REQUESTS, 1)).limit("slots", slots(1));
        limits.limit("money", spend(100, Period.DAY));
        bench.granted("a", limits.claims(costs(60)));
        Decision no = bench.reserve("b", limits.claims(costs(60)));
        assertEquals(
                List.of(Verdict.SHORT, Verdict.SHORT, Verdict.RESERVED),
                no.standings().stream().map(Standing::verdict).toList());
        assertTrue(no.standings().stream().allMatch(Standing::refuses));
    }

    @Test
    void aRateRefillsToTheMicrosecond() {
        limits.limit("rate", rate(Unit.REQUESTS, 60));
        for (int i = 0; i < 60; i++) {
            bench.granted("a" + i, limits.claims(costs(0)));
        }
        Standing refused = only(bench.reserve("b", limits.claims(costs(0))));
        assertEquals(Verdict.SHORT, refused.verdict());
        assertEquals(60, refused.used());
        assertEquals(1_000, refused.waitMillis());
        assertEquals(60_000, refused.resetMillis());
        bench.micros.addAndGet(999_999);
        assertEquals(Verdict.SHORT, only(bench.reserve("c", limits.claims(costs(0)))).verdict());
        bench.micros.addAndGet(1);
        bench.granted("d", limits.claims(costs(0)));
    }

    @Test
    void moreThanABucketHoldsIsTooLarge() {
        limits.limit("rate", rate(Unit.TOKENS, 100));
        Standing s = only(bench.reserve("a", limits.claims(tokens(60, 41))));
        assertEquals(Verdict.TOO_LARGE, s.verdict());
        assertEquals(0, s.waitMillis());
        Amounts absurd = tokens(Long.MAX_VALUE, Long.MAX_VALUE);
        assertEquals(Verdict.TOO_LARGE, only(bench.reserve("b", limits.claims(absurd))).verdict());
    }

    @Test
    void aBudgetSaysWhichKindOfNo() {
        limits.limit("money", spend(100, Period.DAY));
        assertEquals(
                Verdict.TOO_LARGE, only(bench.reserve("a", limits.claims(costs(101)))).verdict());
        Decision.Granted grant = bench.granted("b", limits.claims(costs(80)));
        assertSpend(only(grant), 0, 80, 20);
        assertEquals(DAY_LEFT_MILLIS, only(grant).resetMillis());
        Standing held = only(bench.reserve("c", limits.claims(costs(21))));
        assertEquals(Verdict.RESERVED, held.verdict());
        assertTrue(held.waitMillis() > 0);
        bench.settle(grant, costs(80));
        Standing spent = only(bench.reserve("d", limits.claims(costs(21))));
        assertEquals(Verdict.EXHAUSTED, spent.verdict());
        assertSpend(spent, 80, 0, 20);
        assertEquals(0, spent.waitMillis());
        bench.granted("e", limits.claims(costs(20)));
    }

    @Test
    void aTotalBudgetNeverTurns() {
        limits.limit("money", spend(1_000, Period.TOTAL));
        bench.settle(bench.granted("a", limits.claims(costs(900))), costs(900));
        bench.pass(Duration.ofDays(300));
        Standing s = spendNow();
        assertSpend(s, 900, 0, 100);
        assertEquals(0, s.resetMillis());
    }

    @Test
    void aShadowCountsAndRefusesNobody() {
        limits.shadow("shadow", rate(Unit.TOKENS, 100), slots(1), spend(1_000, Period.DAY));
        Amounts amounts = new Amounts(1, 80, 0, 700);
        bench.granted("a", limits.claims(amounts));
        Decision.Granted over = bench.granted("b", limits.claims(amounts));
        assertEquals(
                List.of(Verdict.SHORT, Verdict.SHORT, Verdict.RESERVED),
                over.standings().stream().map(Standing::verdict).toList());
        assertEquals(100, over.standings().get(0).used(), "a shadow rate makes no debt");
        assertEquals(2, over.standings().get(1).used());
        assertSpend(over.standings().get(2), 0, 1_400, 0);
        bench.settle(over, new Amounts(1, 5, 0, 650));
        List<Standing> now = bench.read(limits.claims(costs(0)));
        assertEquals(100, now.get(0).used(), "what was not taken is not given back");
        assertSpend(now.get(2), 650, 700, 0);
    }

    @Test
    void tenantsDoNotMeet() {
        limits.limit("money", spend(100, Period.DAY));
        bench.granted("a", limits.claims("a:b", costs(100)));
        bench.granted("b", limits.claims("a%3Ab", costs(100)));
        bench.granted("c", limits.claims("{a", costs(100)));
        bench.granted("d", limits.claims("x".repeat(5_000), costs(100)));
        Decision no = bench.reserve("e", limits.claims("x".repeat(5_000), costs(1)));
        assertEquals(Verdict.RESERVED, only(no).verdict());
    }

    @Test
    void refusesWhatIsABug() {
        limits.limit("money", spend(100, Period.DAY));
        List<Claim> twice = new ArrayList<>(limits.claims(costs(1)));
        twice.addAll(limits.claims(costs(1)));
        assertThrows(IllegalArgumentException.class, () -> bench.reserve("a", twice));
        bench.granted("b", limits.claims(costs(1)));
        assertThrows(
                IllegalArgumentException.class, () -> bench.reserve("b", limits.claims(costs(1))));
        assertInstanceOf(Decision.Granted.class, bench.reserve("c", List.of()));
    }

    @Test
    void exactlyThreeHundredOfAThousandPass() {
        limits.limit("money", spend(300_000, Period.DAY)).limit("slots", slots(2_000));
        List<CompletableFuture<Decision>> asked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Reservation one = new Reservation("n" + i, limits.claims(costs(1_000)), 60_000);
            asked.add(bench.start(i % Bench.LEDGERS, l -> l.reserve(one)));
        }
        List<Decision.Granted> grants = new ArrayList<>();
        for (CompletableFuture<Decision> one : asked) {
            if (Bench.get(one) instanceof Decision.Granted grant) {
                grants.add(grant);
            }
        }
        assertEquals(300, grants.size());
        assertSpend(spendNow(), 0, 300_000, 0);
        // Over several shards what one granted is given back because another refused, a moment
        // later.
        Waiting.until(
                "300 in flight", () -> bench.read(limits.claims(costs(0))).get(1).used() == 300);
    }

    @Test
    void whoIsIdleCostsNothing() {
        limits.limit("rate", rate(Unit.TOKENS, 100), slots(5), spend(1_000, Period.HOUR));
        for (int i = 0; i < 20; i++) {
            bench.granted("a" + i, limits.claims("tenant" + i, new Amounts(1, 50, 0, 1)));
        }
        assertTrue(counters(bench) >= 60, "counters " + counters(bench));
        bench.pass(Duration.ofDays(3));
        for (int i = 0; i < 40; i++) {
            Decision.Granted grant = bench.granted("b" + i, limits.claims("late", costs(0)));
            bench.settle(grant, Amounts.NOTHING);
        }
        assertTrue(counters(bench) <= 4, "counters " + counters(bench));
    }
}
