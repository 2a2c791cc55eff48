package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.key.Caller;
import weir.ledger.Settlement;
import weir.limit.Amounts;
import weir.limit.Limit;
import weir.limit.Meter;
import weir.limit.Unit;

/** Who goes when, where limits make calls wait. */
final class WaitingRoomTest {
    private final WaitingBench bench = new WaitingBench();

    @Test
    void callsGoInTheOrderInWhichTheyCame() {
        Limit rate = WaitingBench.limit("rate", 5_000, WaitingBench.rate(Unit.REQUESTS, 2));
        for (int i = 0; i < 8; i++) {
            bench.call("c" + i, "k", 0, rate);
        }
        assertEquals(List.of("c0", "c1"), bench.toldOnly());
        assertEquals(6, bench.room.waiting());
        bench.clock.pass(499);
        assertEquals(List.of(), bench.toldOnly());
        bench.clock.pass(1);
        assertEquals(List.of("c2"), bench.toldOnly(), "to the millisecond");
        bench.clock.pass(1_000);
        assertEquals(List.of("c3", "c4"), bench.toldOnly());
        bench.clock.pass(1_500);
        assertEquals(List.of("c5", "c6", "c7"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void aSmallCallDoesNotPassALargeOne() {
        Limit rate = WaitingBench.limit("rate", 5_000, WaitingBench.rate(Unit.INPUT_TOKENS, 100));
        bench.call("first", "k", 90, rate);
        bench.call("large", "k", 100, rate);
        bench.call("small", "k", 5, rate);
        assertEquals(List.of("first"), bench.toldOnly(), "10 are left, the small one has to wait");
        bench.clock.pass(900);
        assertEquals(List.of("large"), bench.toldOnly());
        bench.clock.pass(50);
        assertEquals(List.of("small"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    /** The tokens come in the very millisecond in which the wait ends. */
    @Test
    void aFreeSlotIsTakenAtOnce() {
        Limit slots = WaitingBench.limit("slots", 2_000, new Meter.Concurrency(1));
        bench.call("a", "k", 0, slots);
        bench.call("b", "k", 0, slots);
        bench.call("c", "k", 0, slots);
        bench.end("a");
        assertEquals(List.of("a", "b"), bench.toldOnly());
        bench.end("b");
        assertEquals(List.of("c"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    /** Another sidecar's slot: nobody tells this one. */
    @Test
    void aSlotThatAnotherFreesIsFoundByAsking() {
        Limit slots = WaitingBench.limit("slots", 10_000, new Meter.Concurrency(1));
        bench.call("a", "k", 0, slots);
        bench.call("b", "k", 0, slots);
        bench.clock.pass(3_000);
        bench.ledger.settle(new Settlement(bench.grant("a"), Amounts.NOTHING));
        bench.clock.pass(Visitor.LAST_POLL_MILLIS);
        assertEquals(List.of("a", "b"), bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void tokensThatComeBackAreAskedForSoon() {
        Limit rate =
                WaitingBench.limit(
                        "rate",
                        60_000,
                        WaitingBench.rate(Unit.INPUT_TOKENS, 10),
                        WaitingBench.rate(Unit.REQUESTS, 9));
        bench.call("a", "k", 10, rate);
        bench.clock.pass(1_000);
        bench.call("b", "k", 10, rate);
        bench.call("c", "k", 10, rate);
        assertEquals(List.of("a", "b"), bench.toldOnly());
        bench.end("b");
        bench.clock.pass(WaitingRoom.SETTLED_MILLIS);
        assertEquals(List.of("c"), bench.toldOnly(), "b used none of its tokens");
        bench.assertNobodyWaits();
    }

    @Test
    void whoLeavesIsTakenOutAndTheNextAsksAtOnce() {
        Limit rate = WaitingBench.limit("rate", 60_000, WaitingBench.rate(Unit.INPUT_TOKENS, 100));
        bench.call("a", "k", 90, rate);
        Visitor large = bench.call("large", "k", 100, rate);
        Visitor middle = bench.call("middle", "k", 1, rate);
        bench.call("small", "k", 5, rate);
        middle.leave();
        assertEquals(2, bench.room.waiting());
        large.leave();
        assertEquals(List.of("a", "small"), bench.toldOnly());
        bench.assertNobodyWaits();
        bench.clock.pass(60_000);
        assertEquals(List.of(), bench.toldOnly(), "who has left is told nothing");
    }

    /** One key floods its own limit; what all share goes on for the others. */
    @Test
    void whoCannotGoKeepsNobodyFromTheRest() {
        Limit own =
                WaitingBench.perKey(
                        WaitingBench.limit("own", 60_000, WaitingBench.rate(Unit.REQUESTS, 1)));
        Limit all = WaitingBench.limit("all", 60_000, WaitingBench.rate(Unit.INPUT_TOKENS, 1_000));
        for (int i = 0; i < 20; i++) {
            bench.call("greedy" + i, "greedy", 1, own, all);
        }
        assertEquals(List.of("greedy0"), bench.toldOnly());
        bench.call("modest", "modest", 999, own, all);
        assertEquals(List.of("modest"), bench.toldOnly());
        bench.clock.pass(20_000);
        assertEquals(19, bench.told.size());
        bench.assertNobodyWaits();
    }

    @Test
    void keysTakeTurns() {
        Limit rate = WaitingBench.limit("rate", 60_000, WaitingBench.rate(Unit.REQUESTS, 1));
        bench.call("first", "x", 0, rate);
        for (int i = 0; i < 4; i++) {
            bench.call("many" + i, "many", 0, rate);
        }
        bench.call("one0", "one", 0, rate);
        bench.call("two0", "two", 0, rate);
        bench.call("one1", "one", 0, rate);
        bench.clock.pass(20_000);
        assertEquals(
                List.of("first", "many0", "one0", "two0", "many1", "one1", "many2", "many3"),
                bench.toldOnly());
        bench.assertNobodyWaits();
    }

    @Test
    void aKeyOfPriorityThreeGoesThreeTimesAsOften() {
        Limit rate = WaitingBench.limit("rate", 60_000, WaitingBench.rate(Unit.REQUESTS, 1));
        Caller urgent = new Caller("urgent", "t", Map.of(), List.of(), List.of(), 3);
        bench.call("first", "x", 0, rate);
        bench.call("second", "x", 0, rate);
        for (int i = 0; i < 8; i++) {
            bench.call("usual" + i, "usual", 0, rate);
            bench.call("urgent" + i, urgent, 0, rate);
        }
        bench.clock.pass(13_000);
        List<String> eight = bench.toldOnly().subList(2, 10);
        assertEquals(6, eight.stream().filter(id -> id.startsWith("urgent")).count(), "" + eight);
    }

    /** Two counters, each short for the other's head: nobody waits for ever. */
    @Test
    void linesDoNotWaitForEachOther() {
        Limit a = WaitingBench.limit("a", 60_000, WaitingBench.rate(Unit.INPUT_TOKENS, 100));
        Limit b = WaitingBench.limit("b", 60_000, new Meter.Concurrency(2));
        for (int i = 0; i < 30; i++) {
            Limit[] which =
                    switch (i % 3) {
                        case 0 -> new Limit[] {a, b};
                        case 1 -> new Limit[] {b};
                        default -> new Limit[] {a};
                    };
            bench.call("c" + i, "k" + i % 4, 1 + i % 7 * 16, which);
        }
        for (int seconds = 0; seconds < 60 && bench.room.waiting() > 0; seconds++) {
            bench.clock.pass(1_000);
            List.copyOf(bench.grants.keySet())
                    .forEach(id -> {
                        bench.end(id);
                        bench.grants.remove(id);
                    });
        }
        assertEquals(30, bench.told.size());
        assertFalse(bench.told.stream().anyMatch(t -> t.startsWith("no")), bench.told.toString());
        bench.assertNobodyWaits();
    }
}
