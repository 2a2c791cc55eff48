package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.limit.Limit;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Unit;

/** How long calls wait for limits, how many of them, and which do not wait at all. */
final class WaitingBoundsTest {
    private final WaitingBench bench = new WaitingBench();

    @Test
    void theWaitEndsWithTheLastRefusal() {
        Limit slots = WaitingBench.limit("slots", 2_000, new Meter.Concurrency(1));
        bench.call("a", "k", 0, slots);
        bench.call("b", "k", 0, slots);
        bench.clock.pass(500);
        Visitor c = bench.call("c", "k", 0, slots);
        bench.clock.pass(1_499);
        assertEquals(List.of("a"), bench.toldOnly());
        bench.clock.pass(1);
        assertEquals(List.of("no b"), bench.toldOnly());
        bench.clock.pass(500);
        assertEquals(List.of("no c"), bench.toldOnly());
        assertEquals(2_000_000_000, c.waitedNanos());
        Standing no = bench.refusal("c");
        assertTrue(no.refuses() && no.waitMillis() > 0, no.toString());
        bench.assertNobodyWaits();
    }

    @Test
    void whoIsAtTheHeadWhenItsTimeEndsAsksOnceMore() {
        Limit rate = WaitingBench.limit("rate", 1_000, WaitingBench.rate(Unit.REQUESTS, 1));
        bench.call("a", "k", 0, rate);
        bench.call("b", "k", 0, rate);
        bench.clock.pass(1_000);
        assertEquals(List.of("a", "b"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void whatCannotComeInTimeIsRefusedAtOnce() {
        Limit rate = WaitingBench.limit("rate", 999, WaitingBench.rate(Unit.REQUESTS, 1));
        bench.call("a", "k", 0, rate);
        bench.call("b", "k", 0, rate);
        assertEquals(List.of("a", "no b"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void aLineIsBounded() {
        Limit slots = WaitingBench.limit("slots", 2_000, new Meter.Concurrency(1));
        for (int i = 0; i <= WaitingRoom.MAX_IN_LINE; i++) {
            bench.call("c" + i, "k", 0, slots);
        }
        assertEquals(WaitingRoom.MAX_IN_LINE, bench.room.waiting());
        assertEquals(List.of("c0"), bench.toldOnly());
        bench.call("late", "k", 0, slots);
        assertEquals(List.of("no late"), bench.toldOnly());
        assertTrue(bench.refusal("late").refuses());
        bench.room.close();
        assertEquals(WaitingRoom.MAX_IN_LINE, bench.told.size(), "a room that closes answers all");
        bench.assertNobodyWaits();
        bench.call("later", "k", 0, slots);
        assertTrue(bench.told.contains("no later"));
        bench.assertNobodyWaits();
    }

    @Test
    void theRoomIsBounded() {
        for (int i = 0; bench.room.waiting() < WaitingRoom.MAX_WAITING; i++) {
            Limit slots = WaitingBench.limit("slots" + i / 50, 2_000, new Meter.Concurrency(1));
            bench.call("c" + i, "k", 0, slots);
        }
        Limit other = WaitingBench.limit("other", 2_000, new Meter.Concurrency(1));
        bench.call("a", "k", 0, other);
        bench.call("b", "k", 0, other);
        assertEquals("no b", bench.told.getLast());
        bench.clock.pass(2_000);
        bench.assertNobodyWaits();
    }

    @Test
    void aLimitThatDoesNotWaitRefusesAtOnce() {
        Limit patient = WaitingBench.limit("patient", 60_000, WaitingBench.rate(Unit.REQUESTS, 1));
        Limit strict = WaitingBench.limit("strict", 0, WaitingBench.rate(Unit.INPUT_TOKENS, 10));
        bench.call("a", "k", 10, patient, strict);
        bench.call("b", "k", 10, patient, strict);
        assertEquals(List.of("a", "no b"), bench.toldOnly());
        Limit hopeless =
                WaitingBench.limit("hopeless", 60_000, WaitingBench.rate(Unit.INPUT_TOKENS, 10));
        bench.call("c", "k", 11, hopeless);
        assertEquals(List.of("no c"), bench.toldOnly(), "more than the bucket could ever hold");
        bench.assertNobodyWaits();
    }

    @Test
    void theMostImpatientLimitCounts() {
        Limit slots = WaitingBench.limit("slots", 5_000, new Meter.Concurrency(1));
        Limit tokens = WaitingBench.limit("tokens", 700, WaitingBench.rate(Unit.INPUT_TOKENS, 1));
        bench.call("a", "k", 1, slots, tokens);
        bench.call("b", "k", 1, slots, tokens);
        bench.end("a", 1);
        assertEquals(List.of("a"), bench.toldOnly(), "the slot is free, the token is not");
        bench.clock.pass(699);
        assertEquals(List.of(), bench.toldOnly());
        bench.clock.pass(1);
        assertEquals(List.of("no b"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void aReloadKeepsTheOrder() {
        Limit old = WaitingBench.limit("rate", 5_000, WaitingBench.rate(Unit.REQUESTS, 1));
        bench.call("a", "k", 0, old);
        bench.call("b", "k", 0, old);
        Limit changed = WaitingBench.limit("rate", 5_000, WaitingBench.rate(Unit.REQUESTS, 1_000));
        bench.call("c", "k", 0, changed);
        assertEquals(List.of("a"), bench.toldOnly());
        bench.clock.pass(1_000);
        assertEquals(List.of("b", "c"), bench.toldOnly());
        bench.assertNobodyWaits();
    }
}
