package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.spend;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.ledger.Reservation.Stretch;
import weir.limit.Amounts;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** How claims of money become smaller, and how a request takes more later, on every ledger. */
abstract class StretchContract extends LedgerContract {
    private Decision stretch(String id, long amount, long wish, long least) {
        return bench.reserve(
                new Reservation(
                        id,
                        limits.claims(costs(amount)),
                        60_000,
                        new Stretch(wish, least),
                        Reservation.NOW));
    }

    private Decision.Granted extend(String id, long amount, Decision.Granted first) {
        return assertInstanceOf(
                Decision.Granted.class,
                bench.reserve(
                        new Reservation(
                                id,
                                limits.claims(costs(amount)),
                                60_000,
                                Stretch.NONE,
                                first.atMillis())));
    }

    private static void assertGranted(Decision decision, long... amounts) {
        assertInstanceOf(Decision.Granted.class, decision);
        assertEquals(
                Arrays.stream(amounts).boxed().toList(),
                decision.standings().stream().map(s -> s.claim().amount()).toList());
    }

    @Test
    void aWorstCaseTakesASixteenthOfWhatIsLeft() {
        limits.limit("money", spend(16_000, Period.DAY));
        assertGranted(stretch("a", 9_000, 300, 10), 1_000);
        assertSpend(spendNow(), 0, 1_000, 15_000);
        assertGranted(stretch("b", 9_000, 300, 10), 937);
        assertGranted(stretch("c", 500, 300, 10), 500);
    }

    @Test
    void theWishIsGrantedWhereItFits() {
        limits.limit("money", spend(16_000, Period.DAY));
        assertGranted(stretch("a", 9_000, 8_000, 10), 8_000);
        assertGranted(stretch("b", 9_000, 8_000, 10), 8_000);
        Standing no = only(stretch("c", 9_000, 8_000, 10));
        assertEquals(Verdict.RESERVED, no.verdict(), "others may settle below what they hold");
        assertEquals(9_000, no.claim().amount(), "a refusal shows what was asked for");
    }

    @Test
    void onlyWhatWouldExhaustTheBudgetIsClamped() {
        limits.limit("money", spend(1_000, Period.DAY));
        bench.settle(bench.granted("a", limits.claims(costs(700))), costs(700));
        bench.granted("b", limits.claims(costs(200)));
        Decision reserved = stretch("c", 9_000, 250, 10);
        assertEquals(Verdict.RESERVED, only(reserved).verdict());
        assertEquals(Verdict.RESERVED, only(stretch("d", 9_000, 301, 101)).verdict());
        assertEquals(Verdict.EXHAUSTED, only(stretch("e", 9_000, 400, 301)).verdict());
        assertGranted(stretch("f", 9_000, 301, 100), 100);
        assertSpend(spendNow(), 700, 300, 0);
    }

    @Test
    void severalBudgetsGrantTheSmallest() {
        limits.limit("wide", spend(1_600_000, Period.DAY), rate(Unit.REQUESTS, 10));
        limits.limit("narrow", spend(1_600, Period.MONTH));
        limits.shadow("shadow", spend(16, Period.MONTH));
        Decision.Granted grant =
                assertInstanceOf(Decision.Granted.class, stretch("a", 9_000, 50, 10));
        assertGranted(grant, 100, 1, 100, 100);
        assertEquals(
                List.of(100L, 0L, 100L, 100L),
                grant.standings().stream().map(Standing::reserved).toList());
        bench.settle(grant, costs(40));
        List<Standing> now = bench.read(limits.claims(costs(0)));
        assertSpend(now.get(0), 40, 0, 1_599_960);
        assertSpend(now.get(2), 40, 0, 1_560);
        assertSpend(now.get(3), 40, 0, 0);
    }

    @Test
    void aShadowMakesNothingSmaller() {
        limits.shadow("shadow", spend(160, Period.DAY));
        assertGranted(stretch("a", 9_000, 50, 10), 9_000);
        assertSpend(spendNow(), 0, 9_000, 0);
    }

    @Test
    void anExtensionCountsInTheWindowOfItsAdmission() {
        limits.limit("money", spend(1_000, Period.HOUR));
        Decision.Granted first = bench.granted("a", limits.claims(costs(300)));
        bench.pass(Duration.ofMinutes(40));
        Decision.Granted more = extend("a+1", 700, first);
        assertEquals(only(first).windowStartMillis(), only(more).windowStartMillis());
        assertSpend(only(more), 300, 700, 0);
        assertSpend(spendNow(), 0, 0, 1_000);
        bench.settle(more, costs(10));
        bench.settle(first, costs(300));
        assertSpend(only(extend("a+2", 690, first)), 310, 690, 0);
        Decision no =
                bench.reserve(
                        new Reservation(
                                "a+3",
                                limits.claims(costs(1)),
                                60_000,
                                Stretch.NONE,
                                first.atMillis()));
        assertEquals(Verdict.RESERVED, only(no).verdict());
        bench.granted("b", limits.claims(new Amounts(1, 0, 0, 1_000)));
    }
}
