package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.ledger.Fixture.rate;
import static weir.ledger.Fixture.slots;
import static weir.ledger.Fixture.spend;
import static weir.ledger.SimWorld.SECOND;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.ledger.SimLink.Faults;
import weir.ledger.SimSidecar.Load;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Unit;
import weir.limit.Window.Period;

/**
 * Hundreds of sidecars over one ledger, in a time of its own: the invariants of {@link SimTruth} at
 * every step, whatever happens, with leases and without; and the figures.
 */
@ExtendWith(Seed.class)
final class LeaseSimulationTest {
    /** A Friday; {@code -Dsimulation.seconds=} runs on for longer. */
    private static final long START = micros("2026-11-27T10:20:30Z");

    private static final long CHAOS_SECONDS = Long.getLong("simulation.seconds", 30);
    private static final long PLENTY = 1_000_000_000_000L;

    private static long micros(String instant) {
        return Instant.parse(instant).toEpochMilli() * 1_000;
    }

    private static Load load(Fixture limits, long meanMicros) {
        return new Load(limits::claims, meanMicros, SECOND, 0, 20_000);
    }

    @Test
    void inSteadyStateARequestNeedsNoRoundTrip() {
        Random random = Seed.random("steady");
        SimWorld world = new SimWorld(random, true, START);
        Fixture limits = new Fixture("steady");
        limits.limit("all", rate(Unit.REQUESTS, 600_000), rate(Unit.TOKENS, 60_000_000));
        limits.limit("more", slots(5_000), spend(PLENTY, Period.DAY));
        SimSidecar one = world.sidecar(load(limits, 2_000), Faults.NONE);
        one.start(START + 30 * SECOND);
        world.run(30 * SECOND);
        world.print("steady, 500/s, four limits", 30 * SECOND);
        double trips = 1.0 * one.link.asked / one.admitted;
        assertTrue(trips < 0.05, "round trips a request: " + trips);
        assertTrue(one.refused + one.failed == 0);
        end(world, limits, true);
    }

    /** All leases go back, or end, and nothing is out. */
    private static void end(SimWorld world, Fixture limits, boolean exactly) {
        world.run(45 * SECOND);
        List<Claim> claims = limits.claims(Amounts.NOTHING);
        world.assertNothingIsOut(claims);
        world.assertSpent(claims, exactly);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSaturatedRateIsUsedUpAndShared(boolean leased) {
        Random random = Seed.random("saturated rate");
        SimWorld world = new SimWorld(random, leased, START);
        Fixture limits = new Fixture("rate");
        limits.limit("rate", rate(Unit.REQUESTS, 6_000));
        for (int i = 0; i < 20; i++) {
            world.sidecar(load(limits, 100_000), Faults.NONE).start(START + 500 * SECOND);
        }
        world.run(100 * SECOND);
        Claim claim = limits.claims(Amounts.NOTHING).getFirst();
        long before = world.truth.tokens(claim);
        long[] each = world.sidecars.stream().mapToLong(s -> s.admitted).toArray();
        world.run(400 * SECOND);
        long tokens = world.truth.tokens(claim) - before;
        world.print("saturated rate" + (leased ? "" : ", exact"), 500 * SECOND);
        shared(world, each, 1.0 * tokens / 40_000);
        end(world, limits, true);
    }

    private static void shared(SimWorld world, long[] before, double utilisation) {
        long most = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < before.length; i++) {
            long got = world.sidecars.get(i).admitted - before[i];
            most = Math.max(most, got);
            least = Math.min(least, got);
        }
        double ratio = 1.0 * most / least;
        System.err.printf("    utilisation %.4f, luckiest/unluckiest %.3f%n", utilisation, ratio);
        assertTrue(utilisation >= 0.97, "utilisation " + utilisation);
        assertTrue(ratio <= 1.25, "unfairness " + ratio);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saturatedSlotsAreUsedUpAndShared(boolean leased) {
        Random random = Seed.random("saturated slots");
        SimWorld world = new SimWorld(random, leased, START);
        Fixture limits = new Fixture("slots");
        limits.limit("slots", slots(100));
        for (int i = 0; i < 20; i++) {
            Load load = new Load(limits::claims, 10_000, SECOND / 5, 0, 20_000);
            world.sidecar(load, Faults.NONE).start(START + 40 * SECOND);
        }
        world.run(10 * SECOND);
        long[] each = world.sidecars.stream().mapToLong(s -> s.admitted).toArray();
        long inFlight = 0;
        for (int i = 0; i < 3_000; i++) {
            world.run(SECOND / 100);
            inFlight += world.truth.inFlight(limits.claims(Amounts.NOTHING).getFirst());
        }
        world.print("saturated slots" + (leased ? "" : ", exact"), 40 * SECOND);
        shared(world, each, inFlight / 300_000.0);
        end(world, limits, true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBudgetForATenthIsUsedUpAndNeverExceeded(boolean leased) {
        Random random = Seed.random("a tenth");
        SimWorld world = new SimWorld(random, leased, START);
        Fixture limits = new Fixture("tenth");
        limits.limit("money", spend(10_000_000, Period.DAY));
        for (int i = 0; i < 100; i++) {
            world.sidecar(load(limits, 250_000), Faults.NONE).start(START + 60 * SECOND);
        }
        world.run(62 * SECOND);
        world.print("budget for a tenth" + (leased ? "" : ", exact"), 60 * SECOND);
        end(world, limits, true);
        long spent = world.read(limits.claims(Amounts.NOTHING)).getFirst().used();
        assertTrue(spent >= 9_800_000, "used of the budget: " + spent);
    }

    /** No false refusal, whoever happens to hold what is left. */
    @Test
    void aBurstIsGrantedToTheLast() {
        Random random = Seed.random("burst");
        SimWorld world = new SimWorld(random, true, START);
        Fixture limits = new Fixture("burst");
        limits.limit("money", spend(300_000, Period.DAY)).limit("slots", slots(2_000));
        for (int i = 0; i < 3; i++) {
            world.sidecar(load(limits, SECOND), Faults.NONE);
        }
        List<Claim> claims = limits.claims(Fixture.costs(1_000));
        long[] granted = new long[1];
        for (int i = 0; i < 1_000; i++) {
            world.sidecars
                    .get(i % 3)
                    .ledger
                    .reserve(new Reservation("b" + i, claims, 600_000))
                    .onSuccess(d -> granted[0] += d instanceof Decision.Granted ? 1 : 0);
        }
        world.run(5 * SECOND);
        world.print("burst", 5 * SECOND);
        assertEquals(300, granted[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsExceededWhateverHappens(boolean leased) {
        Random random = Seed.random("chaos");
        long start = micros("2026-11-27T10:59:40Z");
        SimWorld world = new SimWorld(random, leased, start);
        Fixture limits = new Fixture("chaos");
        limits.limit("all", rate(Unit.REQUESTS, 30_000), rate(Unit.TOKENS, 9_000_000));
        limits.limit("more", slots(400), spend(50_000_000L << random.nextInt(6), Period.HOUR));
        long end = start + CHAOS_SECONDS * SECOND;
        SimChaos chaos = new SimChaos(world, leased);
        for (int i = 0; i < 200; i++) {
            long mean = 20_000L << random.nextInt(9);
            long on = random.nextInt(3) == 0 ? 3 * SECOND : 0;
            Load load = new Load(limits::claims, mean, 3 * SECOND, on, 20_000);
            chaos.add(load, end);
        }
        world.run(CHAOS_SECONDS * SECOND);
        world.print("chaos" + (leased ? "" : ", exact"), CHAOS_SECONDS * SECOND);
        world.run(800 * SECOND);
        end(world, limits, false);
    }

    @Test
    void aRollingRestartLosesNothing() {
        Random random = Seed.random("rolling restart");
        SimWorld world = new SimWorld(random, true, START);
        Fixture limits = new Fixture("rolling");
        limits.limit("all", rate(Unit.REQUESTS, 60_000), slots(400), spend(PLENTY, Period.DAY));
        for (int i = 0; i < 50; i++) {
            SimSidecar old = world.sidecar(load(limits, 50_000), Faults.MANY);
            old.start(START + 60 * SECOND);
            world.time.at(
                    START + (5 + i) * SECOND,
                    () -> {
                        old.leave();
                        world.sidecar(load(limits, 50_000), Faults.MANY).start(START + 60 * SECOND);
                    });
        }
        world.run(60 * SECOND);
        world.print("rolling restart of 50", 60 * SECOND);
        end(world, limits, true);
    }

    /**
     * All that was spent from leases. What the ledger itself has granted and settled is not among
     * it, so nothing may have been.
     */
    @Test
    void aLedgerThatLostEverythingLearnsItAgain() {
        Random random = Seed.random("lost");
        SimWorld world = new SimWorld(random, true, START);
        Fixture limits = new Fixture("lost");
        limits.limit("all", rate(Unit.REQUESTS, 60_000), slots(400), spend(PLENTY, Period.DAY));
        for (int i = 0; i < 20; i++) {
            world.sidecar(load(limits, 50_000), Faults.NONE).start(START + 60 * SECOND);
        }
        world.run(20 * SECOND);
        assertEquals(0, world.sum(s -> s.link.settlements), "granted without a lease");
        world.truth.strict = false;
        world.store = new InProcessLedger(world.time::micros);
        world.run(40 * SECOND);
        world.print("ledger empty at 20 s", 60 * SECOND);
        world.run(60 * SECOND);
        end(world, limits, true);
    }

    /** It sleeps with something to spare; its lease ends, and others take all there is. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whoWakesHandsOutNothingThatHasEnded(int which) {
        Random random = Seed.random("sleeper");
        SimWorld world = new SimWorld(random, true, START);
        Meter[] meters = {
            rate(Unit.REQUESTS, 3_000), slots(40), spend(20_000_000, Period.DAY),
        };
        Fixture limits = new Fixture("sleeper").limit("one", meters[which]);
        Load brief = new Load(limits::claims, 10_000, SECOND / 10, 0, 20_000);
        SimSidecar sleeper = world.sidecar(brief, Faults.NONE);
        sleeper.start(START + 60 * SECOND);
        world.run(5 * SECOND);
        Decision.Granted atOnce = (Decision.Granted) reserve(sleeper, limits, "before").result();
        sleeper.ledger.settle(new Settlement(atOnce, Amounts.NOTHING));
        sleeper.pause(40 * SECOND);
        for (int i = 0; i < 5; i++) {
            world.sidecar(load(limits, 20_000), Faults.NONE).start(START + 60 * SECOND);
        }
        world.run(40 * SECOND - 1);
        assertTrue(world.sum(s -> s.refused) > 100, "others have taken all");
        Future<Decision> first = reserve(sleeper, limits, "first");
        assertFalse(first.isComplete(), "handed out after its lease had ended");
        world.run(5 * SECOND);
        assertTrue(first.succeeded());
    }

    private static Future<Decision> reserve(SimSidecar by, Fixture limits, String id) {
        List<Claim> claims = limits.claims(Fixture.costs(1));
        return by.ledger.reserve(new Reservation(id, claims, 600_000));
    }
}
