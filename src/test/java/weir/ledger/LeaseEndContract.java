package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.ledger.Report.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** How leases end and what of them is remembered; the first half of {@link LeaseContract}. */
abstract class LeaseEndContract extends StretchContract {
    Claim only() {
        return limits.claims(costs(0)).getFirst();
    }

    Lease sync(String holder, Report report) {
        return bench.sync(holder, List.of(report.on(only(), bench))).getFirst();
    }

    static void assertLease(Lease lease, long amount, long spareAtMost, Verdict verdict) {
        assertEquals(
                amount + " " + spareAtMost + " " + verdict,
                lease.amount() + " " + lease.spareAtMost() + " " + lease.standing().verdict(),
                lease.toString());
    }

    void assertLeased(long used, long reserved, long leased, long left) {
        Standing s = spendNow();
        assertEquals(
                List.of(used, reserved, leased, left),
                List.of(s.used(), s.reserved(), s.leased(), s.left()),
                "used, reserved, leased, left of " + s);
    }

    @Test
    void aLeaseThatEndsChargesMoneyAndALateReportCorrectsIt() {
        limits.limit("money", spend(1_000, Period.DAY));
        sync("h", report(1).used(50).busy(100).spare(200));
        bench.pass(Duration.ofMillis(Lease.MILLIS - 1));
        assertLeased(50, 100, 200, 650);
        bench.pass(Duration.ofMillis(1));
        assertLeased(350, 0, 0, 650);
        assertEquals(0, sync("h", report(1).used(50).busy(100).spare(200)).amount());
        assertLeased(350, 0, 0, 650);
        assertLease(sync("h", report(2).used(90).busy(60)), 60, 425, Verdict.FITS);
        assertLeased(90, 60, 0, 850);
    }

    @Test
    void aLeaseThatEndsForgetsARate() {
        limits.limit("rate", rate(Unit.TOKENS, 600));
        sync("h", report(1).spare(200));
        assertLeased(0, 0, 200, 400);
        bench.pass(Duration.ofSeconds(10));
        assertLeased(0, 0, 200, 400);
        bench.pass(Duration.ofSeconds(25));
        assertLeased(150, 0, 0, 450);
        bench.pass(Duration.ofSeconds(15));
        assertLease(sync("h", report(2).used(400).spare(10)), 10, 300, Verdict.FITS);
        assertLeased(0, 0, 10, 590);
    }

    @Test
    void aLeaseThatEndsFreesItsSlots() {
        limits.limit("slots", slots(10));
        sync("h", report(1).busy(3).spare(2));
        assertLeased(3, 0, 2, 5);
        for (int i = 0; i < 5; i++) {
            bench.granted("a" + i, limits.claims(costs(0)));
        }
        assertEquals(Verdict.SHORT, only(bench.reserve("b", limits.claims(costs(0)))).verdict());
        bench.pass(Duration.ofMillis(Lease.MILLIS));
        assertLeased(5, 0, 0, 5);
        assertLease(sync("h", report(2).busy(7).spare(1)), 7, 0, Verdict.FITS);
        assertLeased(12, 0, 0, 0);
    }

    @Test
    void theDeadMakeRoomAlsoWhileOthersLive() {
        limits.limit("slots", slots(10));
        sync("dead", report(1).busy(3).spare(1));
        sync("alive", report(1).busy(2));
        for (int i = 2; i < 8; i++) {
            bench.pass(Duration.ofSeconds(5));
            sync("alive", report(i).busy(2));
        }
        assertLeased(2, 0, 0, 8);
        assertEquals(
                List.of("alive"),
                bench.readings(List.of(only())).getFirst().holders().stream()
                        .map(Reading.Holder::name)
                        .toList());
    }

    @Test
    void aHolderThatIsNotKnownReplaysItsWholeUseForMoney() {
        limits.limit("money", spend(1_000, Period.DAY), rate(Unit.TOKENS, 100));
        List<LeaseReport> reports =
                limits.claims(costs(0)).stream()
                        .map(c -> report(77).used(300).spare(10).on(c, bench))
                        .toList();
        List<Lease> leases = bench.sync("h", reports);
        assertEquals(300, leases.get(0).standing().used());
        assertEquals(0, leases.get(1).standing().used(), "a rate has refilled");
    }

    @Test
    void aWindowThatHasPassedGrantsOnlyWhatIsNeeded() {
        limits.limit("money", spend(1_000, Period.HOUR));
        Report first = report(1).spare(100).at(bench);
        sync("h", first);
        bench.pass(Duration.ofMinutes(40));
        Report later = report(2).used(60).busy(30).spare(40).need(20).at(first);
        assertLease(sync("h", later), 50, 0, Verdict.FITS);
        assertLeased(0, 0, 0, 1_000);
    }

    @Test
    void idleHoldersLeaveNothing() {
        limits.limit("all", slots(10), spend(1_000, Period.HOUR), rate(Unit.TOKENS, 100));
        List<Claim> claims = limits.claims(costs(0));
        for (int i = 0; i < 20; i++) {
            String holder = "h" + i;
            bench.sync(
                    holder,
                    claims.stream().map(c -> report(1).busy(0).spare(1).on(c, bench)).toList());
        }
        bench.pass(Duration.ofDays(3));
        List<Decision> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            late.add(bench.reserve("b" + i, limits.claims("late", costs(0))));
        }
        assertTrue(late.stream().anyMatch(Decision.Granted.class::isInstance));
        assertTrue(counters(bench) <= 5, "counters " + counters(bench));
    }
}
