package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.ledger.Fixture.tokens;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** How grants end, on every ledger; the first half of {@link LedgerContract}. */
abstract class SettlementContract {
    Bench bench;
    Fixture limits;

    abstract Bench open(AtomicLong micros);

    Fixture fixture(String run) {
        return new Fixture(run);
    }

    /** How many counters the store holds for this run. */
    abstract long counters(Bench bench);

    @BeforeEach
    void open() {
        bench = open(new AtomicLong(Bench.START_MICROS));
        limits = fixture(bench.run);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    static Standing only(Decision decision) {
        assertEquals(1, decision.standings().size());
        return decision.standings().getFirst();
    }

    static void assertSpend(Standing standing, long spent, long held, long left) {
        assertEquals(
                List.of(spent, held, left),
                List.of(standing.used(), standing.reserved(), standing.left()),
                "spent, held, left of " + standing);
    }

    Standing spendNow() {
        return bench.read(limits.claims(costs(0))).getFirst();
    }

    @Test
    void aRateIsCorrectedBothWays() {
        limits.limit("rate", rate(Unit.TOKENS, 100));
        Decision.Granted less = bench.granted("a", limits.claims(tokens(50, 30)));
        assertEquals(20, only(less).left());
        bench.settle(less, tokens(20, 5));
        assertEquals(75, spendNow().left());
        Decision.Granted more = bench.granted("b", limits.claims(tokens(50, 0)));
        bench.settle(more, tokens(50, 100));
        Standing debt = spendNow();
        assertEquals(175, debt.used());
        assertEquals(0, debt.left());
        assertEquals(
                Duration.ofSeconds(46).toMillis() - 400,
                only(bench.reserve("c", limits.claims(tokens(1, 0)))).waitMillis());
    }

    @Test
    void givingBackNeverOverfillsABucket() {
        limits.limit("rate", rate(Unit.TOKENS, 100));
        Decision.Granted grant = bench.granted("a", limits.claims(tokens(90, 0)));
        bench.pass(Duration.ofMinutes(5));
        bench.settle(grant, Amounts.NOTHING);
        assertEquals(100, spendNow().left());
    }

    @Test
    void whatCostsNothingPassesADebt() {
        limits.limit("money", spend(100, Period.DAY));
        bench.settle(bench.granted("a", limits.claims(costs(100))), costs(250));
        assertSpend(spendNow(), 250, 0, 0);
        Decision.Granted free = bench.granted("b", limits.claims(costs(0)));
        bench.settle(free, costs(7));
        assertSpend(spendNow(), 257, 0, 0);
        assertEquals(
                Verdict.EXHAUSTED, only(bench.reserve("c", limits.claims(costs(1)))).verdict());
    }

    @Test
    void aSettlementCountsOnce() {
        limits.limit("all", rate(Unit.TOKENS, 100), spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(new Amounts(1, 50, 0, 500)));
        bench.settle(grant, new Amounts(1, 60, 0, 600));
        bench.settle(grant, new Amounts(1, 60, 0, 600));
        List<Standing> now = bench.read(limits.claims(costs(0)));
        assertEquals(60, now.get(0).used());
        assertSpend(now.get(1), 600, 0, 400);
    }

    @Test
    void whatIsGivenBackLeavesNothing() {
        limits.limit("all", rate(Unit.TOKENS, 100), slots(1), spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(new Amounts(1, 50, 0, 500)));
        bench.settle(grant, Amounts.NOTHING);
        for (Standing s : bench.read(limits.claims(costs(0)))) {
            assertEquals(s.limit(), s.left(), s.toString());
        }
    }

    @Test
    void anOverdueHoldEndsAsAChargeAndIsCorrectedOnce() {
        limits.limit("money", spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(costs(400)));
        bench.pass(Duration.ofMillis(59_999));
        assertSpend(spendNow(), 0, 400, 600);
        bench.pass(Duration.ofMillis(1));
        assertSpend(spendNow(), 400, 0, 600);
        bench.pass(Duration.ofMinutes(10));
        bench.settle(grant, costs(150));
        assertSpend(spendNow(), 150, 0, 850);
        bench.settle(grant, costs(150));
        assertSpend(spendNow(), 150, 0, 850);
    }

    @Test
    void aSettlementAfterItsTimeChangesNothing() {
        limits.limit("money", spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(costs(400)));
        bench.pass(Duration.ofMinutes(61));
        bench.settle(grant, costs(150));
        assertSpend(spendNow(), 400, 0, 600);
    }

    @Test
    void manyOverdueHoldsAreChargedBitByBit() {
        limits.limit("money", spend(1_000, Period.DAY));
        for (int i = 0; i < 40; i++) {
            bench.granted("a" + i, limits.claims(costs(10)));
        }
        bench.pass(Duration.ofMinutes(2));
        assertSpend(spendNow(), 160, 240, 600);
        assertSpend(spendNow(), 320, 80, 600);
        assertSpend(spendNow(), 400, 0, 600);
    }

    @Test
    void aSettlementGoesToTheWindowOfItsGrant() {
        limits.limit("money", spend(1_000, Period.HOUR));
        Decision.Granted old = bench.granted("a", limits.claims(costs(900)));
        bench.pass(Duration.ofMinutes(40));
        assertSpend(spendNow(), 0, 0, 1_000);
        Decision.Granted fresh = bench.granted("b", limits.claims(costs(900)));
        assertTrue(only(fresh).windowStartMillis() > only(old).windowStartMillis());
        bench.settle(old, costs(5_000));
        assertSpend(spendNow(), 0, 900, 100);
    }

    @Test
    void slotsAreFreedBySettlementOrByTime() {
        limits.limit("slots", slots(2));
        Decision.Granted a = bench.granted("a", limits.claims(costs(0)));
        bench.granted("b", limits.claims(costs(0)));
        Standing full = only(bench.reserve("c", limits.claims(costs(0))));
        assertEquals(Verdict.SHORT, full.verdict());
        assertEquals(2, full.used());
        assertTrue(full.waitMillis() > 0);
        bench.settle(a, Amounts.NOTHING);
        assertEquals(2, only(bench.granted("d", limits.claims(costs(0)))).used());
        bench.pass(Duration.ofMinutes(1));
        assertEquals(0, spendNow().used());
    }

    /** Who waits for a limit comes again under the same id, maybe before that has been told. */
    @Test
    void whoComesAgainAtOnceHoldsWhatIsTakenThen() {
        limits.limit("all", slots(3), spend(1_000, Period.DAY));
        List<Claim> claims = limits.claims(costs(400));
        Reservation other = new Reservation("other", claims, 60_000);
        Reservation first = new Reservation("again", claims, 60_000);
        Reservation second = new Reservation("again", limits.claims(costs(300)), 60_000);
        CompletableFuture<Decision> answer =
                bench.start(
                        0,
                        l ->
                                l.reserve(other)
                                        .compose(o -> l.reserve(first).map(f -> List.of(o, f)))
                                        .compose(both -> {
                                            both.forEach(g -> giveBack(l, g));
                                            return l.reserve(second);
                                        }));
        Decision.Granted again = (Decision.Granted) Bench.get(answer);
        List<Standing> held = bench.read(limits.claims(costs(0)));
        assertEquals(1, held.get(0).used());
        assertSpend(held.get(1), 0, 300, 700);
        bench.settle(again, costs(100));
        List<Standing> after = bench.read(limits.claims(costs(0)));
        assertEquals(0, after.get(0).used());
        assertSpend(after.get(1), 100, 0, 900);
    }

    private static void giveBack(Ledger ledger, Decision grant) {
        ledger.settle(new Settlement((Decision.Granted) grant, Amounts.NOTHING));
        Bench.flush(ledger);
    }

    @Test
    void afterCloseNothingIsPendingAndNothingIsReserved() {
        limits.limit("money", spend(1_000, Period.DAY));
        Decision.Granted grant = bench.granted("a", limits.claims(costs(400)));
        CompletableFuture<Void> settled =
                bench.start(0, l -> l.settle(new Settlement(grant, costs(100))));
        Bench.get(bench.start(0, Ledger::close));
        assertTrue(settled.isDone());
        assertEquals(0, bench.ledger(0).pendingSettlements());
        assertThrows(
                LedgerUnavailableException.class,
                () -> bench.reserve("b", limits.claims(costs(1))));
        List<Reading> seenByAnother =
                Bench.get(bench.start(1, l -> l.read(limits.claims(costs(0)))));
        assertSpend(seenByAnother.getFirst().standing(), 100, 0, 900);
    }
}
