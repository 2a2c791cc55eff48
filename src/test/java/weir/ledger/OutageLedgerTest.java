package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.limit.Policy.WhenLedgerIsDown.CLOSED;
import static weir.limit.Policy.WhenLedgerIsDown.LOCAL;
import static weir.limit.Policy.WhenLedgerIsDown.OPEN;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.ledger.Reservation.Stretch;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Policy.WhenLedgerIsDown;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Unit;
import weir.limit.Window.Period;

/** The policies, over a ledger that is away when it is told to be. */
final class OutageLedgerTest {
    private final AtomicLong micros = new AtomicLong(Bench.START_MICROS);
    private final AtomicInteger sidecars = new AtomicInteger(4);
    private final Absent inner = new Absent(new InProcessLedger(micros::get));
    private final List<String> decided = new ArrayList<>();
    private final OutageLedger ledger =
            new OutageLedger(
                    inner,
                    new OutageLedger.Local(
                            new InProcessLedger(micros::get), sidecars::get, this::decided));
    private final Fixture limits = new Fixture("");
    private int requests;

    private void decided(Limit limit, WhenLedgerIsDown policy) {
        assertEquals(policy.name(), limit.name());
        decided.add(limit.name());
    }

    private Decision reserve(Amounts amounts) {
        return get(ledger.reserve(reservation(Stretch.NONE, amounts)));
    }

    private Reservation reservation(Stretch stretch, Amounts amounts) {
        List<Claim> claims = limits.claims(amounts);
        return new Reservation("r" + requests++, claims, 60_000, stretch, Reservation.NOW);
    }

    private Decision.Granted granted(Amounts amounts) {
        return assertInstanceOf(Decision.Granted.class, reserve(amounts));
    }

    private void settle(Decision.Granted grant, Amounts actual) {
        OutageLedgerTest.<Void>get(ledger.settle(new Settlement(grant, actual)));
    }

    private void assertKeptOutBy(String limit, Amounts amounts) {
        LedgerUnavailableException e =
                assertThrows(LedgerUnavailableException.class, () -> reserve(amounts));
        assertEquals(limit, e.limit());
    }

    private List<Standing> now() {
        inner.away = false;
        return get(ledger.read(limits.claims(costs(0)))).stream().map(Reading::standing).toList();
    }

    static <T> T get(Future<T> future) {
        assertTrue(future.isComplete());
        if (future.cause() instanceof RuntimeException e) {
            throw e;
        }
        return future.result();
    }

    @Test
    void asksTheLedgerWhileItAnswers() {
        limits.limit(OPEN, slots(1)).limit(LOCAL, slots(1)).limit(CLOSED, slots(1));
        Decision.Granted grant = granted(costs(0));
        assertTrue(grant.backed());
        assertInstanceOf(Decision.Refused.class, reserve(costs(0)));
        settle(grant, costs(0));
        assertTrue(granted(costs(0)).backed());
        assertEquals(List.of(), decided);
    }

    @Test
    void oneClosedLimitKeepsOutAndIsNamed() {
        limits.limit(OPEN, slots(1)).limit(LOCAL, slots(1)).limit(CLOSED, slots(1));
        inner.away = true;
        assertKeptOutBy("CLOSED", costs(0));
        assertEquals(List.of("CLOSED"), decided);
        inner.away = false;
        assertTrue(granted(costs(0)).backed());
    }

    @Test
    void openCountsNothingAndOwesAll() {
        limits.limit(OPEN, rate(Unit.TOKENS, 100), slots(1), spend(1_000, Period.DAY));
        inner.away = true;
        List<Decision.Granted> grants = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            grants.add(granted(new Amounts(1, 50, 0, 900)));
        }
        grants.forEach(g -> assertFalse(g.backed()));
        grants.forEach(g -> settle(g, new Amounts(1, 30, 0, 500)));
        List<Standing> now = now();
        assertEquals(150, now.get(0).used());
        assertEquals(0, now.get(1).used());
        assertEquals(2_500, now.get(2).used());
        assertEquals(0, now.get(2).reserved());
        assertEquals(List.of("OPEN", "OPEN", "OPEN", "OPEN", "OPEN"), decided);
    }

    @Test
    void localEnforcesItsShare() {
        limits.limit(LOCAL, rate(Unit.REQUESTS, 20), slots(8), spend(4_000, Period.DAY));
        inner.away = true;
        Decision.Granted a = granted(costs(100));
        granted(costs(100));
        Standing slots = reserve(costs(100)).standings().get(1);
        assertEquals(Verdict.SHORT, slots.verdict());
        assertEquals(2, slots.limit());
        settle(a, costs(950));
        assertKeptOutBy("LOCAL", costs(100));
        Decision.Granted small = granted(Amounts.NOTHING);
        settle(small, Amounts.NOTHING);
        Standing money = now().get(2);
        assertEquals(950, money.used(), "the ledger learns of it by the settlement");
        assertEquals(4_000, money.limit());
    }

    @Test
    void aRateOfTheShareIsWaitedFor() {
        limits.limit(LOCAL, rate(Unit.TOKENS, 400));
        inner.away = true;
        settle(granted(Fixture.tokens(300, 0)), Fixture.tokens(150, 0));
        Standing owed = reserve(Fixture.tokens(1, 0)).standings().getFirst();
        assertEquals(Verdict.SHORT, owed.verdict());
        assertEquals(30_600, owed.waitMillis(), "50 owed and 1 asked for, at 100 a minute");
        micros.addAndGet(Duration.ofSeconds(31).toMillis() * 1_000);
        granted(Fixture.tokens(1, 0));
        assertEquals(
                Verdict.TOO_LARGE, reserve(Fixture.tokens(401, 0)).standings().get(0).verdict());
    }

    @Test
    void theNextOutageOfTheWindowGoesOnWithTheShare() {
        limits.limit(LOCAL, spend(4_000, Period.DAY));
        inner.away = true;
        settle(granted(costs(600)), costs(600));
        inner.away = false;
        settle(granted(costs(100)), costs(100));
        inner.away = true;
        assertKeptOutBy("LOCAL", costs(600));
        settle(granted(costs(400)), costs(400));
        assertEquals(1_100, now().getFirst().used());
    }

    @Test
    void aRequestThatStretchesTakesWhatIsLeftOfTheShareOnEveryBudget() {
        limits.limit(LOCAL, spend(4_000, Period.DAY)).limit(OPEN, spend(9_000, Period.DAY));
        inner.away = true;
        Reservation asks = reservation(new Stretch(3_000, 10), costs(3_000));
        Decision.Granted grant =
                assertInstanceOf(Decision.Granted.class, get(ledger.reserve(asks)));
        assertEquals(
                List.of(1_000L, 1_000L),
                grant.standings().stream().map(s -> s.claim().amount()).toList());
    }

    @Test
    void aSettlementCountsOnceAndInTheWindowOfItsAdmission() {
        limits.limit(OPEN, spend(1_000, Period.HOUR));
        inner.away = true;
        Decision.Granted grant = granted(costs(100));
        micros.addAndGet(Duration.ofHours(1).toMillis() * 1_000);
        settle(grant, costs(70));
        settle(grant, costs(70));
        assertEquals(0, now().getFirst().used(), "nothing in the window that has begun since");
        micros.addAndGet(-Duration.ofHours(1).toMillis() * 1_000);
        assertEquals(70, now().getFirst().used());
    }

    @Test
    void aShadowKeepsNobodyOut() {
        limits.shadow("OPEN", spend(10, Period.DAY));
        inner.away = true;
        settle(granted(costs(100)), costs(100));
        assertEquals(100, now().getFirst().used());
    }

    @Test
    void onlyAClosedLimitNeedsTheLedger() {
        assertTrue(OutageLedger.canDoWithout(List.of()));
        Fixture some = new Fixture("").limit(OPEN, slots(1)).limit(LOCAL, slots(1));
        some.shadow("x", slots(1));
        List<Limit> without = some.claims(costs(0)).stream().map(Claim::limit).toList();
        assertTrue(OutageLedger.canDoWithout(without));
        some.limit(CLOSED, slots(1));
        List<Limit> with = some.claims(costs(0)).stream().map(Claim::limit).toList();
        assertFalse(OutageLedger.canDoWithout(with));
    }

    @Test
    void aBugIsNotAnOutageAndAClosedLedgerStaysClosed() {
        limits.limit(OPEN, slots(1));
        List<Claim> twice = new ArrayList<>(limits.claims(costs(0)));
        twice.addAll(limits.claims(costs(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> get(ledger.reserve(new Reservation("twice", twice, 60_000))));
        OutageLedgerTest.<Void>get(ledger.close());
        assertThrows(LedgerUnavailableException.class, () -> reserve(costs(0)));
        assertEquals(List.of(), decided);
    }

    /** Answers no reservation while it is away. */
    private static final class Absent extends ForwardingLedger {
        private boolean away;

        Absent(Ledger ledger) {
            super(ledger);
        }

        @Override
        public Future<Decision> reserve(Reservation reservation) {
            return away
                    ? Future.failedFuture(new LedgerUnavailableException("away"))
                    : super.reserve(reservation);
        }

        @Override
        public boolean isUp() {
            return !away;
        }
    }
}
