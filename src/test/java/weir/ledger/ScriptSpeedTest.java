package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Unit;
import weir.limit.Window.Period;
import weir.redis.TestRedis;

/**
 * How long one reservation with four limits holds Redis, by Redis's own account; printed, not
 * judged, because machines differ. {@code -Dtenants=100000} for a large Redis.
 */
final class ScriptSpeedTest {
    private static final int ROUNDS = 40;

    /** Rounds in which the ledger also tells that slots are still taken do not count. */
    private static final int MOST_ROUNDS = 1_000;

    private static final int A_ROUND = 200;

    /** All have been sent before the first is run: this process does not compete for the core. */
    private static final String PAUSE_MILLIS = "100";

    private static final int TENANTS = Integer.getInteger("tenants", 1_000);

    private final Random random = new Random(1);
    private long ids;

    @Test
    void aReservationWithFourLimits() {
        try (TestRedis redis = TestRedis.start();
                Bench bench = Bench.redis(redis.url(), 10_000)) {
            Fixture limits =
                    new Fixture(bench.run)
                            .limit("requests", rate(Unit.REQUESTS, 100_000))
                            .limit("tokens", rate(Unit.TOKENS, 1_000_000))
                            .limit("slots", slots(1_000_000))
                            .limit("money", spend(1_000_000_000_000L, Period.MONTH));
            for (int made = 0; made < TENANTS; made += A_ROUND) {
                int first = made;
                reserve(bench, limits, i -> (first + i) % TENANTS);
            }
            List<Long> nanos = new ArrayList<>();
            for (int round = 0; nanos.size() < ROUNDS && round < MOST_ROUNDS; round++) {
                redis.command("CONFIG", "RESETSTAT");
                redis.command("CLIENT", "PAUSE", PAUSE_MILLIS);
                reserve(bench, limits, i -> random.nextInt(TENANTS));
                if (redis.calls("evalsha") == A_ROUND) {
                    nanos.add(redis.micros("evalsha") * 1_000 / A_ROUND);
                }
            }
            assertEquals(ROUNDS, nanos.size(), "rounds in which nothing else ran");
            Collections.sort(nanos);
            System.err.printf(
                    Locale.ROOT,
                    "ScriptSpeed: %d tenants, a reserve with 4 limits: median %.1f us, least %.1f%n",
                    TENANTS,
                    nanos.get(ROUNDS / 2) / 1_000.0,
                    nanos.getFirst() / 1_000.0);
        }
    }

    private void reserve(Bench bench, Fixture limits, IntUnaryOperator tenants) {
        List<CompletableFuture<Decision>> asked = new ArrayList<>();
        for (int i = 0; i < A_ROUND; i++) {
            Reservation one =
                    new Reservation(
                            "speed-" + ids++,
                            limits.claims(
                                    "tenant" + tenants.applyAsInt(i),
                                    new Amounts(1, 100, 50, 1_000)),
                            3_600_000);
            asked.add(bench.start(0, l -> l.reserve(one)));
        }
        asked.forEach(Bench::get);
    }
}
