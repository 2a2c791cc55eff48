package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.ledger.Fixture.tokens;
import static weir.ledger.Report.report;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** How slices of counters are leased, on every ledger that does. */
abstract class LeaseContract extends LeaseEndContract {
    @Test
    void whatIsLeasedHasLeftTheBudget() {
        limits.limit("money", spend(1_000, Period.DAY));
        assertLease(sync("h", report(1).spare(400)), 400, 500, Verdict.FITS);
        assertLeased(0, 0, 400, 600);
        assertEquals(
                Verdict.RESERVED, only(bench.reserve("a", limits.claims(costs(601)))).verdict());
        bench.granted("b", limits.claims(costs(600)));
        assertLeased(0, 600, 400, 0);
    }

    @Test
    void slicesAreCutFromWhatIsLeftAndShrinkWithIt() {
        limits.limit("money", spend(1_000, Period.DAY));
        assertLease(sync("a", report(1).spare(9_999)), 500, 500, Verdict.FITS);
        assertLease(sync("b", report(1).spare(9_999)), 125, 125, Verdict.FITS);
        assertLease(sync("c", report(1).spare(9_999)), 62, 62, Verdict.FITS);
        Lease needy = sync("d", report(1).spare(9_999).need(300));
        assertLease(needy, 300, 39, Verdict.FITS);
        assertEquals(4, needy.holders());
        assertLeased(0, 0, 987, 13);
    }

    @Test
    void aReportBringsTheLeaseInLineWithWhatWasUsed() {
        limits.limit("money", spend(1_000, Period.DAY));
        sync("h", report(1).spare(400));
        assertLease(sync("h", report(2).used(150).busy(100).spare(50)), 150, 375, Verdict.FITS);
        assertLeased(150, 100, 50, 700);
        assertLease(sync("h", report(3).used(120).busy(0).spare(400)), 400, 440, Verdict.FITS);
        assertLeased(120, 0, 400, 480);
        assertLease(sync("h", report(4).used(120).last()), 0, 440, Verdict.FITS);
        assertLeased(120, 0, 0, 880);
    }

    @Test
    void aLeaseIsNeverBelowWhatItsHolderMayBeHandingOut() {
        limits.limit("money", spend(1_000, Period.DAY));
        sync("h", report(1).spare(500));
        bench.granted("a", limits.claims(costs(500)));
        assertLease(sync("h", report(2).used(50).busy(200).spare(150)), 350, 125, Verdict.FITS);
        assertLeased(50, 700, 150, 100);
        assertLease(sync("h", report(3).used(50).busy(900).spare(9)), 900, 0, Verdict.FITS);
        assertLeased(50, 1_400, 0, 0);
    }

    @Test
    void aReportThatComesTwiceOrLateIsPassedOver() {
        limits.limit("all", spend(1_000, Period.DAY));
        sync("h", report(5).used(100).busy(10).spare(20));
        Lease again = sync("h", report(5).used(100).busy(10).spare(20));
        assertEquals(30, again.amount());
        assertEquals(30, sync("h", report(4).used(70).busy(40).spare(200)).amount());
        assertLeased(100, 10, 20, 870);
        sync("h", report(6).used(130).last());
        assertEquals(0, sync("h", report(5).used(100).busy(10).spare(20)).amount());
        assertLeased(130, 0, 0, 870);
    }

    @Test
    void aReportThatWasLostIsMadeGoodByTheNext() {
        limits.limit("rate", rate(Unit.TOKENS, 100));
        sync("h", report(1).spare(40));
        assertLease(sync("h", report(9).used(90).spare(4)), 4, 5, Verdict.FITS);
        assertLeased(90, 0, 4, 6);
    }

    @Test
    void levelAndLeasesNeverExceedTheCapacity() {
        limits.limit("rate", rate(Unit.TOKENS, 60));
        long passed = 0;
        for (int i = 1; i < 40; i++) {
            Lease lease = sync("h" + i % 3, report(i).used(i / 2).spare(20));
            Standing s = lease.standing();
            assertTrue(s.left() + s.leased() <= 60, s.toString());
            assertTrue(s.used() >= 0, s.toString());
            bench.pass(Duration.ofSeconds(i % 5));
            passed += i % 5;
        }
        assertTrue(passed > 60);
        sync("h0", report(40).used(20).last());
        bench.pass(Duration.ofMinutes(1));
        sync("h1", report(41).used(0).spare(20));
        Decision.Granted grant = bench.granted("a", limits.claims(tokens(1, 0)));
        bench.settle(grant, Amounts.NOTHING);
        Standing s = spendNow();
        assertTrue(s.left() + s.leased() <= 60, "given back: " + s);
    }

    @Test
    void aCorrectionOfOldUseOverfillsNoBucket() {
        limits.limit("rate", rate(Unit.TOKENS, 60));
        sync("h", report(1).spare(30));
        sync("h", report(2).used(30));
        bench.pass(Duration.ofMinutes(5));
        assertLease(sync("h", report(3).used(10).spare(60).need(60)), 60, 30, Verdict.FITS);
        assertLeased(0, 0, 60, 0);
    }

    @Test
    void whoIsShortRecallsWhatOthersHoldForASecond() {
        limits.limit("money", spend(1_000, Period.DAY));
        sync("rich", report(1).spare(400));
        assertLease(sync("poor", report(1).spare(700).need(700)), 0, 150, Verdict.RESERVED);
        assertLease(sync("rich", report(2).spare(400)), 400, 0, Verdict.FITS);
        assertLease(sync("rich", report(3)), 0, 0, Verdict.FITS);
        assertLease(sync("poor", report(2).spare(900).need(700)), 700, 500, Verdict.FITS);
        bench.pass(Duration.ofSeconds(1));
        assertLease(sync("rich", report(4).spare(400)), 75, 75, Verdict.FITS);
    }

    @Test
    void aReservationThatIsRefusedRecallsToo() {
        limits.limit("all", slots(10), spend(1_000, Period.DAY), rate(Unit.TOKENS, 100));
        List<Claim> claims = limits.claims(new Amounts(1, 60, 0, 600));
        bench.sync("h", claims.stream().map(c -> report(1).spare(2).on(c, bench)).toList());
        bench.sync("i", claims.stream().map(c -> report(1).spare(400).on(c, bench)).toList());
        bench.granted("a", claims);
        for (int i = 0; i < 9; i++) {
            bench.reserve("b" + i, limits.claims(new Amounts(1, 0, 0, 0)));
        }
        assertInstanceOf(Decision.Refused.class, bench.reserve("c", claims));
        List<LeaseReport> more = claims.stream().map(c -> report(2).spare(3).on(c, bench)).toList();
        for (Lease lease : bench.sync("h", more)) {
            assertEquals(0, lease.spareAtMost(), lease.toString());
        }
    }

    @Test
    void whatNobodyCouldHaveRecallsNothing() {
        limits.limit("all", spend(1_000, Period.DAY), rate(Unit.TOKENS, 100));
        List<Claim> claims = limits.claims(costs(0));
        bench.sync("h", claims.stream().map(c -> report(1).spare(10).on(c, bench)).toList());
        bench.reserve("a", limits.claims(new Amounts(1, 0, 0, 1_001)));
        bench.reserve("b", limits.claims(new Amounts(1, 101, 0, 1)));
        for (Claim claim : claims) {
            LeaseReport greedy = report(1).spare(5_000).need(5_000).on(claim, bench);
            Lease no = bench.sync("greedy", List.of(greedy)).getFirst();
            assertEquals(Verdict.TOO_LARGE, no.standing().verdict());
        }
        List<LeaseReport> more =
                claims.stream().map(c -> report(2).spare(10).on(c, bench)).toList();
        for (Lease lease : bench.sync("h", more)) {
            assertTrue(lease.spareAtMost() > 0, lease.toString());
        }
    }

    @Test
    void aNeedThatWouldExhaustTheBudgetGetsWhatIsLeft() {
        limits.limit("money", spend(1_000, Period.DAY));
        sync("h", report(1).used(900));
        assertLease(
                sync("h", report(2).used(900).spare(300).need(200).least(50)),
                100,
                50,
                Verdict.FITS);
        assertLease(sync("i", report(1).spare(300).need(200).least(50)), 0, 0, Verdict.RESERVED);
        assertLease(sync("i", report(2).spare(300).need(200).least(150)), 0, 0, Verdict.EXHAUSTED);
    }

    @Test
    void anOperatorSeesWhoHolds() {
        limits.limit("all", slots(100), spend(1_000, Period.DAY), rate(Unit.TOKENS, 100));
        List<Claim> claims = limits.claims(costs(0));
        for (String holder : List.of("pöd-b", "pod-a", "gone")) {
            bench.sync(holder, claims.stream().map(c -> report(1).spare(2).on(c, bench)).toList());
        }
        bench.sync("gone", claims.stream().map(c -> report(2).last().on(c, bench)).toList());
        bench.pass(Duration.ofSeconds(7));
        for (Reading reading : bench.readings(claims)) {
            assertEquals(
                    List.of(
                            new Reading.Holder("pod-a", 2, 0, Lease.MILLIS - 7_000),
                            new Reading.Holder("pöd-b", 2, 0, Lease.MILLIS - 7_000)),
                    reading.holders());
            assertEquals(4, reading.standing().leased());
        }
    }

    @Test
    void anOperatorSeesAWholeFleet() {
        limits.limit("slots", slots(10_000));
        int fleet = 500;
        for (int i = 0; i < fleet; i++) {
            sync("checkout-7d9f8b6c5-pod-" + i, report(1).spare(1).need(1));
        }
        Reading reading = bench.readings(limits.claims(costs(0))).getFirst();
        assertEquals(fleet, reading.holders().size());
        assertTrue(reading.standing().leased() >= fleet, reading.toString());
    }
}
