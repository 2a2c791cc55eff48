package weir.ledger;

import java.util.concurrent.atomic.AtomicLong;
import weir.redis.TestRedis;

/** Leases keep the law of Redis, too. */
final class LeasedRedisContractTest extends StretchContract {
    @Override
    Bench open(AtomicLong micros) {
        return Bench.leased(micros, TestRedis.shared());
    }

    @Override
    long counters(Bench bench) {
        return RedisLedgerContractTest.keysLeft(bench);
    }
}
