package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;
import weir.redis.TestRedis;

final class RedisLedgerContractTest extends LeaseContract {
    @Override
    Bench open(AtomicLong micros) {
        return Bench.redis(micros, TestRedis.shared());
    }

    @Override
    long counters(Bench bench) {
        return keysLeft(bench);
    }

    /** Keys that would still be there at the bench's time: Redis itself lives in another. */
    static long keysLeft(Bench bench) {
        TestRedis redis = TestRedis.shared();
        long passedMillis = (bench.micros.get() - Bench.START_MICROS) / 1_000;
        long slackMillis = 86_400_000;
        return redis.command("KEYS", "*" + bench.run + "*")
                .lines()
                .filter(k -> !k.isEmpty())
                .filter(k -> Long.parseLong(redis.command("PTTL", k)) - slackMillis > passedMillis)
                .count();
    }
}
