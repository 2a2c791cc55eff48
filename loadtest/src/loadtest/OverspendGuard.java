package loadtest;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * Two ways to guard a budget that gateways without slices have, over the same Redis: what a stream
 * is answered before it is sent, and what is written down after it.
 */
final class OverspendGuard {
    /** How a budget is guarded. */
    enum Way {
        /** Look before, write down after: nothing is held meanwhile. */
        COUNT_AFTER,
        /** Hold what the caller's cap allows, and give back what was not used. */
        RESERVE_MAXIMUM
    }

    enum Answer {
        GO,
        /** Others hold the rest. */
        LATER,
        NEVER
    }

    /** KEYS spent, held; ARGV the budget, the hold. Result 0 go, 1 later, 2 never. */
    private static final String ADMIT =
            """
            local spent = tonumber(redis.call("GET", KEYS[1]) or "0")
            local held = tonumber(redis.call("GET", KEYS[2]) or "0")
            local budget, hold = tonumber(ARGV[1]), tonumber(ARGV[2])
            if spent >= budget or spent + hold > budget then return 2 end
            if spent + held + hold > budget then return 1 end
            redis.call("INCRBY", KEYS[2], ARGV[2])
            return 0\
            """;

    private final Redis redis;
    private final Way way;
    private final String run;
    private final long budgetNanoUsd;

    OverspendGuard(Redis redis, Way way, String run, long budgetNanoUsd) {
        this.redis = redis;
        this.way = way;
        this.run = run;
        this.budgetNanoUsd = budgetNanoUsd;
    }

    Future<Answer> admit() {
        return redis.send(
                        Request.cmd(Command.EVAL)
                                .arg(ADMIT)
                                .arg(2)
                                .arg(run + ":spent")
                                .arg(run + ":held")
                                .arg(budgetNanoUsd)
                                .arg(hold()))
                .map(OverspendGuard::answer);
    }

    private static Answer answer(@Nullable Response response) {
        Integer number = response == null ? null : response.toInteger();
        if (number == null) {
            throw new IllegalStateException("Redis answered no number");
        }
        return Answer.values()[number];
    }

    Future<Response> settle(long costNanoUsd) {
        return redis.send(Request.cmd(Command.DECRBY).arg(run + ":held").arg(hold()))
                .compose(v ->
                        redis.send(
                                Request.cmd(Command.INCRBY).arg(run + ":spent").arg(costNanoUsd)));
    }

    private long hold() {
        return way == Way.COUNT_AFTER ? 0 : OverspendLoad.costNanoUsd(OverspendLoad.CAP);
    }
}
