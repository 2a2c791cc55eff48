package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.spend;
import static weir.ledger.Fixture.tokens;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window.Period;

/**
 * Parts of the ledger that answer late or fail at once, callers that ask again while they are being
 * told, and a process that stands still meanwhile.
 */
final class LeaseReentryTest {
    private static final long START = 1_800_000_000_000_000L;
    private static final long AWAY = -1;
    private static final String RUN = "reentry";

    private final SimTime time = new SimTime(START);
    private final InProcessLedger store = new InProcessLedger(time::micros);

    /** There and back, by the name of the limit, which is a part of its own; 1 ms if not said. */
    private final Map<String, Long> micros = new HashMap<>();

    private long stoodStillMicros;
    private final LeasedLedger ledger =
            new LeasedLedger(
                    new Parts(),
                    new Clock(),
                    "h",
                    SimLink.DEADLINE_MILLIS,
                    new LeasedLedger.Tally());

    private final class Clock implements Scheduler {
        @Override
        public void after(long millis, Runnable task) {
            time.after(millis * 1_000, task);
        }

        @Override
        public long monotonicMicros() {
            return time.micros() + stoodStillMicros;
        }

        @Override
        public long epochMicros() {
            return monotonicMicros();
        }
    }

    private final class Parts extends ForwardingLedger implements Leasing {
        Parts() {
            super(store);
        }

        @Override
        public int shard(Claim counter) {
            return counter.limit().name().hashCode();
        }

        @Override
        public Future<List<Optional<Lease>>> sync(String holder, List<LeaseReport> reports) {
            String name = reports.getFirst().counter().limit().name().substring(RUN.length());
            long takes = micros.getOrDefault(name, 1_000L);
            if (takes == AWAY) {
                return Future.failedFuture(new LedgerUnavailableException("away"));
            }
            Promise<List<Optional<Lease>>> answer = Promise.promise();
            time.after(
                    takes / 2,
                    () -> {
                        Future<List<Optional<Lease>>> said = store.sync(holder, reports);
                        time.after(takes / 2, () -> said.onComplete(answer));
                    });
            return answer.future();
        }

        @Override
        public Future<List<Reading>> read(List<Claim> counters) {
            Promise<List<Reading>> answer = Promise.promise();
            Future<List<Reading>> said = super.read(counters);
            time.after(3_000, () -> said.onComplete(answer));
            return answer.future();
        }
    }

    private static Fixture limit(String name) {
        return new Fixture(RUN).limit(name, spend(100, Period.DAY));
    }

    private Future<Decision> ask(String id, List<Claim> claims) {
        return ledger.reserve(new Reservation(id, claims, 60_000));
    }

    private Decision.Granted granted(Future<Decision> decided) {
        return assertInstanceOf(Decision.Granted.class, decided.result(), decided::toString);
    }

    private void run(long forMicros) {
        time.run(time.micros() + forMicros);
    }

    /** What the first has granted is not given back while the second is still waited for. */
    @Test
    void partsThatAreAllSlowGrantTogether() {
        for (long first = 6_000; first <= 20_000; first += 1_000) {
            for (long more = 0; more <= 20_000; more += 1_000) {
                String a = "a" + first + "." + more;
                String b = "b" + first + "." + more;
                micros.put(a, first);
                micros.put(b, first + more);
                List<Claim> both = new ArrayList<>(limit(a).claims(costs(10)));
                both.addAll(limit(b).claims(costs(10)));
                Future<Decision> decided = ask(a, both);
                run(100_000);
                granted(decided);
            }
        }
    }

    /** Two reports of one holding at once: the answer to the first was taken for the second's. */
    @Test
    void whoAsksAgainInTheMiddleGetsNoMoreThanThereIs() {
        micros.put("a", AWAY);
        micros.put("c", 4_000L);
        Fixture b = limit("b");
        ask("b0", b.claims(costs(10)));
        time.run(START + 98_000);
        ask("c", limit("c").claims(costs(60)));
        List<Future<Decision>> inside = new ArrayList<>();
        ask("a", limit("a").claims(costs(1)))
                .onComplete(away -> {
                    stoodStillMicros += 6_000;
                    inside.add(ask("b1", b.claims(costs(60))));
                });
        time.run(START + 105_000);
        Decision other =
                store.reserve(new Reservation("other", b.claims(costs(90)), 60_000)).result();
        run(2_000_000);
        boolean all =
                inside.getFirst().result() instanceof Decision.Granted
                        && other instanceof Decision.Granted;
        assertFalse(all, "10, 60 and 90 of 100");
    }

    /** A settlement that nobody can hear of any more is told to be over in the middle of asking. */
    @Test
    void whoAsksWhenItsSettlementIsGivenUpIsAnswered() {
        Fixture a = new Fixture(RUN).limit("a", rate(Unit.TOKENS, 1_000));
        Fixture b = limit("b");
        Future<Decision> first = ask("a", a.claims(tokens(5, 5)));
        Future<Decision> second = ask("b", b.claims(costs(5)));
        run(10_000);
        micros.put("a", AWAY);
        List<Future<?>> nested = new ArrayList<>();
        ledger.settle(new Settlement(granted(first), tokens(1, 1)))
                .onComplete(over -> {
                    nested.add(ledger.settle(new Settlement(granted(second), costs(1))));
                    nested.add(ledger.read(b.claims(costs(1))));
                });
        List<Future<Decision>> asked = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            asked.add(ask("z" + i, b.claims("t" + i, costs(1))));
            run(10_000);
        }
        assertEquals(2, nested.size());
        asked.forEach(this::granted);
    }

    /** Each is told at once that a part is away, and leaves nothing behind. */
    @Test
    void readsOfAPartThatIsAwayDoNotWait() {
        Fixture a = limit("a");
        granted(askAndRun("a", a));
        micros.put("a", AWAY);
        run(40_000_000);
        for (int i = 0; i < 100; i++) {
            Future<List<Reading>> read = ledger.read(a.claims(costs(1)));
            run(5_000);
            assertTrue(read.failed(), "still waits");
        }
        micros.remove("a");
        run(1_000_000);
        Future<List<Reading>> read = ledger.read(a.claims(costs(1)));
        run(10_000);
        Standing now = read.result().getFirst().standing();
        assertEquals(10, now.reserved() + now.used());
    }

    /** Two milliseconds after the refusal, what was granted beside it goes back. */
    @Test
    void whatGoesBackWhileItIsReadIsNotMissing() {
        Fixture wide = limit("wide");
        List<Claim> both = new ArrayList<>(wide.claims(costs(10)));
        both.addAll(limit("narrow").claims(costs(101)));
        Future<Decision> no = ask("no", both);
        while (!no.isComplete()) {
            run(100);
        }
        assertInstanceOf(Decision.Refused.class, no.result());
        Future<List<Reading>> read = ledger.read(wide.claims(costs(0)));
        run(10_000);
        assertEquals(100, read.result().getFirst().standing().left());
    }

    private Future<Decision> askAndRun(String id, Fixture limits) {
        Future<Decision> decided = ask(id, limits.claims(costs(10)));
        run(10_000);
        return decided;
    }
}
