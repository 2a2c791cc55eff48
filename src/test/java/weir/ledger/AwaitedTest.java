package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static weir.ledger.Fixture.costs;
import static weir.ledger.Fixture.spend;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import weir.limit.Window.Period;
import weir.redis.TestRedis;

final class AwaitedTest {
    private static final long DEADLINE_MILLIS = 100;

    @Test
    void anAnswerThatNobodyCouldReadYetIsInTime() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), DEADLINE_MILLIS)) {
            Fixture limits = new Fixture(bench.run).limit("money", spend(100, Period.MONTH));
            Reservation first = new Reservation("a", limits.claims(costs(1)), 60_000);
            Reservation second = new Reservation("b", limits.claims(costs(1)), 60_000);
            Decision decision =
                    Bench.get(
                            bench.start(
                                    0,
                                    // While what comes in is handled: timers are next.
                                    ledger ->
                                            ledger.reserve(first)
                                                    .compose(granted -> {
                                                        Future<Decision> asked =
                                                                ledger.reserve(second);
                                                        standStill();
                                                        return asked;
                                                    })));
            assertInstanceOf(Decision.Granted.class, decision);
        }
    }

    private static void standStill() {
        try {
            Thread.sleep(3 * DEADLINE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
