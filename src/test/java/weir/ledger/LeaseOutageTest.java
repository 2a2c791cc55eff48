package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.rate;
import static weir.ledger.SimWorld.SECOND;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.limit.Unit;

/**
 * How long a request waits for a ledger, or a part of one, that does not answer; in its own time.
 */
final class LeaseOutageTest {
    private static final long MILLI = 1_000;

    private final Random random = Seed.random("lease outage");
    private final SimWorld world = new SimWorld(random, true, 1_800_000_000 * SECOND);

    private final List<Asked> all = new ArrayList<>();

    private SimSidecar sidecar(int shards) {
        SimSidecar.Load nothing = new SimSidecar.Load(a -> List.of(), SECOND, SECOND, 0, 1);
        return world.sidecar(nothing, new SimLink.Faults(0, 0, 0, shards));
    }

    /** A limit that this part of the ledger keeps. */
    private static Fixture limitOn(int shard, SimSidecar by) {
        for (int i = 0; ; i++) {
            Fixture limit = new Fixture("outage").limit("l" + i, rate(Unit.REQUESTS, 1_000_000));
            if (by.link.shard(limit.claims(Fixture.costs(1)).getFirst()) == shard) {
                return limit;
            }
        }
    }

    private record Asked(long sinceMicros, Future<Decision> decided, AtomicLong atMicros) {
        long tookMicros() {
            return atMicros.get() - sinceMicros;
        }
    }

    /** For a tenant of whom nobody has heard, so that no lease covers it. */
    private Asked ask(SimSidecar by, Fixture limits) {
        String id = "r" + all.size();
        Reservation wish = new Reservation(id, limits.claims(id, Fixture.costs(1)), 60_000);
        Future<Decision> decided = by.ledger.reserve(wish);
        Asked asked = new Asked(world.time.micros(), decided, new AtomicLong());
        decided.onComplete(d -> asked.atMicros().set(world.time.micros()));
        all.add(asked);
        return asked;
    }

    private void everyMilli(int times, Runnable ask) {
        for (int i = 0; i < times; i++) {
            ask.run();
            world.run(MILLI);
        }
    }

    @Test
    void whoWaitsForALedgerThatHangsHearsByItsDeadline() {
        SimSidecar one = sidecar(1);
        Fixture limits = limitOn(0, one);
        one.link.cut(SECOND);
        everyMilli(300, () -> ask(one, limits));
        world.run(SECOND);
        for (Asked asked : all) {
            assertInstanceOf(LedgerUnavailableException.class, asked.decided().cause());
            assertTrue(asked.tookMicros() <= SimLink.DEADLINE_MILLIS * MILLI, "" + asked);
        }
    }

    @Test
    void aPartThatHangsHoldsUpOnlyThoseWhoNeedIt() {
        SimSidecar one = sidecar(2);
        Fixture here = limitOn(0, one);
        Fixture there = limitOn(1, one);
        one.link.cut(1, SECOND);
        List<Asked> fine = new ArrayList<>();
        everyMilli(
                200,
                () -> {
                    ask(one, there);
                    fine.add(ask(one, here));
                });
        world.run(SECOND);
        for (Asked asked : fine) {
            assertInstanceOf(Decision.Granted.class, asked.decided().result(), "" + asked);
            assertTrue(asked.tookMicros() <= 7 * MILLI, "" + asked);
        }
    }
}
