package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.spend;
import static weir.limit.Policy.WhenLedgerIsDown.LOCAL;
import static weir.limit.Policy.WhenLedgerIsDown.OPEN;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.Relay;
import weir.redis.TestRedis;

/** A long outage: what is kept for the ledger is bounded by counters, and is the truth. */
final class OutageSumsTest {
    private static final int CALLS = 100_000;
    private static final int TENANTS = 100;
    private static final long PLENTY = 1_000_000_000_000L;

    /** Two batches of sums have been applied, and there are more. */
    private static final long SOME = 128;

    private int calls;
    private TestRedis redis = TestRedis.start();
    private final Relay relay = new Relay(redis);
    private final Bench bench = Bench.redis(relay.url(), 10_000);
    private final OutageLedger ledger =
            new OutageLedger(
                    bench.ledger(0),
                    new OutageLedger.Local(
                            new InProcessLedger(() -> System.currentTimeMillis() * 1_000),
                            () -> 1,
                            (limit, policy) -> {}));

    /** Ends in the middle of the sending: by a lost answer, or with all that Redis knew. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneHundredThousandCallsAreAFewSumsAndAreToldExactly(boolean dies) {
        Fixture limits = new Fixture(bench.run);
        limits.limit(OPEN, spend(PLENTY, Period.MONTH), rate(Unit.REQUESTS, 600_000));
        limits.limit(LOCAL, spend(PLENTY, Period.MONTH));
        try (bench;
                relay) {
            relay.part();
            Waiting.until("away", () -> !bench.ledger(0).isUp());
            long[] spent = new long[TENANTS];
            Bench.<Void>get(bench.start(0, l -> call(limits, CALLS, spent)));
            assertEquals(3 * TENANTS, ledger.pendingSettlements());

            relay.delay(200);
            relay.join();
            Waiting.until("half is told", () -> applied() >= SOME);
            CompletableFuture<Void> more = bench.start(0, l -> call(limits, 1_000, spent));
            if (dies) {
                redis.kill();
                redis = TestRedis.startAt(redis.port());
            }
            relay.delay(0);
            relay.cut();
            Bench.<Void>get(more);
            Waiting.until("all is told, once", () -> isTold(limits, spent));
        } finally {
            redis.close();
        }
    }

    private boolean isTold(Fixture limits, long[] spent) {
        if (ledger.pendingSettlements() > 0 || !ledger.isUp()) {
            return false;
        }
        for (int i = 0; i < TENANTS; i++) {
            List<Standing> now = bench.read(limits.claims("t" + i, costs(0)));
            if (now.get(0).used() != spent[i] || now.get(2).used() != spent[i]) {
                return false;
            }
        }
        return true;
    }

    private long applied() {
        return Long.parseLong(redis.command("DBSIZE"));
    }

    private Future<Void> call(Fixture limits, int times, long[] spent) {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            int tenant = i % TENANTS;
            long cost = i * 7L % 1_000;
            spent[tenant] += cost;
            all.add(call(limits.claims("t" + tenant, costs(1_000)), costs(cost)));
        }
        return Future.all(all).mapEmpty();
    }

    private Future<Void> call(List<Claim> claims, Amounts actual) {
        return ledger.reserve(new Reservation("r" + calls++, claims, 60_000))
                .compose(decision ->
                        ledger.settle(new Settlement((Decision.Granted) decision, actual)));
    }
}
