package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.MINUTE_MICROS;
import static weir.ledger.Fixture.slots;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Amounts;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Unit;
import weir.redis.TestRedis;

/** Most requests leave the expiry of a key as it is; a key that is needed longer is prolonged. */
final class ExpiryTest {
    /** With a clock that is given, scripts keep keys for a day longer. */
    private static final long SLACK_MILLIS = 86_400_000;

    private final TestRedis redis = TestRedis.shared();
    private final AtomicLong micros = new AtomicLong(Bench.START_MICROS);

    private static List<Claim> requests(Fixture limits, long requests) {
        return limits.claims(new Amounts(requests, 0, 0, 0));
    }

    private static String key(Fixture limits) {
        Claim claim = requests(limits, 1).getFirst();
        return KeySpace.place(claim, Bench.START_MICROS / 1_000).key();
    }

    private long lifeMillis(String key) {
        return Long.parseLong(redis.command("PTTL", key)) - SLACK_MILLIS;
    }

    @Test
    void aBucketsKeyLivesUntilItIsFull() {
        try (Bench bench = Bench.redis(micros, redis)) {
            Bucket tenMinutes = new Bucket(600, MINUTE_MICROS, 6_000);
            Fixture limits =
                    new Fixture(bench.run).limit("r", new Meter.Rate(Unit.REQUESTS, tenMinutes));
            String key = key(limits);
            bench.granted("a", requests(limits, 1));
            long life = lifeMillis(key);
            bench.granted("b", requests(limits, 1));
            assertTrue(lifeMillis(key) <= life, "it is left as it is");
            bench.granted("c", requests(limits, 5_998));
            assertTrue(lifeMillis(key) > 590_000, "lives " + lifeMillis(key));
            micros.addAndGet(9 * MINUTE_MICROS);
            bench.granted("d", requests(limits, 5_400));
            assertTrue(lifeMillis(key) > 590_000, "lives " + lifeMillis(key));
        }
    }

    @Test
    void theSlotsOfABusyTenantAreKept() {
        try (Bench bench = Bench.redis(micros, redis)) {
            Fixture limits = new Fixture(bench.run).limit("s", slots(10));
            String key = key(limits);
            bench.granted("a", requests(limits, 1));
            redis.command("PEXPIRE", key, Long.toString(SLACK_MILLIS + 1_000));
            micros.addAndGet(MINUTE_MICROS / 2);
            bench.granted("b", requests(limits, 1));
            assertTrue(lifeMillis(key) <= 1_000, "it is left as it is");
            micros.addAndGet(MINUTE_MICROS / 2);
            bench.granted("c", requests(limits, 1));
            assertTrue(lifeMillis(key) > Lifetimes.MAX_TTL_MILLIS, "lives " + lifeMillis(key));
        }
    }
}
