package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;

import org.junit.jupiter.api.Test;
import weir.ledger.Holding.Use;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** The arithmetic of one lease; the tests are the ledger. */
final class HoldingTest {
    private static final long NOW = 5_000_000;
    private static final long AT_MILLIS = Bench.START_MICROS / 1_000;
    private static final Need FIFTY = Need.NONE.and(new Need.One(50, 50, 50), 0);

    private final Claim money = claim(Fixture.spend(1_000, Period.HOUR));
    private final Claim tokens = claim(Fixture.rate(Unit.TOKENS, 1_000));
    private final Claim slot = claim(Fixture.slots(1_000));

    private static Claim claim(Meter meter) {
        return new Fixture("holding").limit("limit", meter).claims(costs(0)).getFirst();
    }

    private static Moment at(long micros) {
        return new Moment(0, micros);
    }

    private static Holding holding(Claim claim) {
        return new Holding(KeySpace.place(claim, AT_MILLIS));
    }

    /** What the ledger answers: so much for this holder, 100 for others, the rest left. */
    private static Lease lease(Holding holding, long amount, long spareAtMost) {
        return lease(holding, amount, spareAtMost, amount + 100);
    }

    private static Lease lease(Holding holding, long amount, long spareAtMost, long out) {
        Claim claim = holding.place().claim();
        Standing standing =
                new Standing(claim, 1_000, 0, 0, out, 1_000 - out, 0, 0, 0, Verdict.FITS);
        return new Lease(amount, spareAtMost, 2, AT_MILLIS, standing);
    }

    private static Holding leased(Claim claim, long amount) {
        Holding holding = holding(claim);
        holding.report(1, FIFTY, at(NOW));
        holding.apply(lease(holding, amount, 400));
        return holding;
    }

    @Test
    void aRequestThatWaitsIsReportedAsNeed() {
        LeaseReport report = holding(money).report(7, FIFTY, at(NOW));
        assertEquals(50, report.need());
        assertEquals(50, report.spare());
        assertEquals(7, report.sequence());
        assertFalse(report.last());
    }

    @Test
    void moneyGoesRound() {
        Holding holding = leased(money, 80);
        holding.take(50, at(NOW));
        assertEquals(30, holding.free(at(NOW)));
        holding.settle(new Use(50, 20), at(NOW));
        assertEquals(60, holding.free(at(NOW)), "what was not needed is free again");
        LeaseReport report = holding.report(2, Need.NONE, at(NOW));
        assertEquals(20, report.used());
        assertEquals(0, report.busy());
    }

    @Test
    void onlyTheLedgerKnowsWhatAReturnedTokenIsWorth() {
        Holding holding = leased(tokens, 80);
        holding.take(50, at(NOW));
        holding.settle(new Use(50, 20), at(NOW));
        assertEquals(30, holding.free(at(NOW)));
        assertEquals(20, holding.report(2, FIFTY, at(NOW)).used());
        holding.take(10, at(NOW));
        holding.apply(lease(holding, 60, 400));
        assertEquals(50, holding.free(at(NOW)));
    }

    @Test
    void whatIsNotAskedForIsNotHandedOutAnyMore() {
        Holding holding = leased(money, 80);
        holding.report(2, FIFTY, at(NOW));
        assertEquals(50, holding.free(at(NOW)));
        holding.take(20, at(NOW));
        holding.agenda.failed();
        assertEquals(30, holding.free(at(NOW)), "whether it arrived or not");
        holding.report(3, Need.NONE.and(new Need.One(70, 70, 70), 0), at(NOW));
        assertEquals(30, holding.free(at(NOW)));
        holding.take(5, at(NOW));
        holding.apply(lease(holding, 90, 400));
        assertEquals(65, holding.free(at(NOW)), "less what was taken before, and since");
    }

    @Test
    void aLeaseEndsBeforeTheLedgerThinksSo() {
        Holding holding = leased(slot, 80);
        long end = NOW + Lease.MILLIS * 1_000;
        assertTrue(holding.isAlive(at(end - 200_000)));
        assertFalse(holding.isAlive(at(end - 100_000)));
        assertEquals(0, holding.free(at(end - 100_000)));
    }

    @Test
    void moneyEndsWithItsWindow() {
        Holding holding = leased(money, 80);
        long left = holding.place().span().endMillis() - AT_MILLIS;
        assertTrue(left > Lease.MILLIS);
        holding.report(2, FIFTY, at(NOW));
        Lease late = lease(holding, 80, 400);
        holding.apply(new Lease(80, 400, 1, AT_MILLIS + left - 2_000, late.standing()));
        assertTrue(holding.isAlive(at(NOW + 1_999_000)));
        assertFalse(holding.isAlive(at(NOW + 2_000_000)));
        holding.report(3, FIFTY, at(NOW));
        holding.apply(new Lease(80, 400, 1, AT_MILLIS + left, late.standing()));
        assertTrue(holding.wasOutside());
        assertFalse(holding.isAlive(at(NOW)), "nothing is handed out in a window that is past");
    }

    @Test
    void whatIsKeptToSpareFollowsDemandAndTheLedger() {
        Holding holding = leased(money, 800);
        for (int i = 0; i < 10; i++) {
            holding.take(30, at(NOW + i));
        }
        assertEquals(300, holding.target(at(NOW + 10)));
        assertTrue(holding.dueMicros(at(NOW + 10)) <= NOW + Agenda.POLL_MICROS);
        holding.apply(lease(holding, 400, 0));
        assertEquals(0, holding.target(at(NOW + 10)), "others are short");
        assertEquals(NOW + Agenda.GIVE_BACK_MICROS, holding.dueMicros(at(NOW + 10)));
        assertEquals(0, holding.report(2, Need.NONE, at(NOW + 10)).spare());
        assertEquals(0, holding.free(at(NOW + 10)));
    }

    @Test
    void whatIsIdleIsReportedForTheLastTime() {
        Holding holding = leased(tokens, 80);
        holding.take(50, at(NOW));
        LeaseReport last = holding.report(2, Need.NONE, at(NOW + 2_000_000));
        assertTrue(last.last());
        assertEquals(0, last.spare());
        holding.apply(lease(holding, 0, 400));
        assertTrue(holding.isOver(at(NOW + 2_000_000)));
        Holding spent = leased(money, 80);
        spent.take(50, at(NOW));
        spent.settle(new Use(50, 50), at(NOW));
        assertFalse(spent.report(2, Need.NONE, at(NOW + 2_000_000)).last(), "the window goes on");
        spent.apply(lease(spent, 0, 400));
        assertFalse(spent.isOver(at(NOW + 2_000_000)));
    }

    @Test
    void neverMoreIsShownThanThereIs() {
        Holding holding = leased(money, 300);
        holding.take(120, at(NOW));
        Standing now = holding.outlook().standing(money, Verdict.FITS);
        assertEquals(120, now.reserved());
        assertEquals(280, now.leased(), "100 of others, 180 of its own");
        assertEquals(780, now.left(), "600 of the ledger, 180 of its own");
        holding.settle(new Use(120, 20), at(NOW));
        assertEquals(20, holding.outlook().standing(money, Verdict.FITS).used());
        assertEquals(880, holding.outlook().standing(money, Verdict.FITS).left());
    }

    @Test
    void whatIsOutInExcessIsHandedOutToNobody() {
        Holding holding = leased(slot, 20);
        holding.take(20, at(NOW));
        holding.report(2, Need.NONE, at(NOW));
        holding.apply(lease(holding, 20, 0, 1_003));
        holding.settle(new Use(2, 0), at(NOW));
        assertEquals(-1, holding.free(at(NOW)));
        holding.settle(new Use(2, 0), at(NOW));
        assertEquals(1, holding.free(at(NOW)));
    }
}
