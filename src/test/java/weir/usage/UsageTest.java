package weir.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class UsageTest {
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void totalsAreSumsOverTheirSideAndCallsAreInNone() {
        for (int i = 0; i < 10_000; i++) {
            Usage.Tally tally = new Usage.Tally();
            long input = 0;
            long output = 0;
            for (Kind kind : Kind.values()) {
                long amount = random.nextLong(Usage.MAX_AMOUNT + 1);
                tally.set(kind, amount);
                input += kind.side() == Kind.Side.INPUT ? amount : 0;
                output += kind.side() == Kind.Side.OUTPUT ? amount : 0;
            }
            Usage usage = tally.toUsage();
            assertEquals(input, usage.inputTokens(), "-Dseed=" + seed);
            assertEquals(output, usage.outputTokens(), "-Dseed=" + seed);
            assertEquals(input + output, usage.totalTokens(), "-Dseed=" + seed);
        }
    }

    @Test
    void amountsStayWithinTheirBoundWhateverIsReported() {
        long most = Usage.MAX_AMOUNT;
        long[] reports = {Long.MIN_VALUE, -1, 0, 1, most, most + 1, Long.MAX_VALUE};
        for (long first : reports) {
            for (long second : reports) {
                Usage.Tally tally =
                        new Usage.Tally().add(Kind.INPUT, first).add(Kind.INPUT, second);
                long sum = Math.clamp(first, 0, most) + Math.clamp(second, 0, most);
                assertEquals(Math.min(sum, most), tally.amount(Kind.INPUT));
                assertEquals(tally.amount(Kind.INPUT), tally.toUsage().inputTokens());
            }
        }
    }

    @Test
    void aUsageDoesNotChangeWithItsTally() {
        Usage.Tally tally = new Usage.Tally().set(Kind.OUTPUT, 5);
        Usage usage = tally.toUsage();
        tally.add(Kind.OUTPUT, 1);
        assertEquals(Usage.ofTokens(0, 5), usage);
        assertNotEquals(usage, tally.toUsage());
    }

    @Test
    void equalityIsByAmounts() {
        assertEquals(Usage.NONE, Usage.ofTokens(0, 0));
        assertEquals(Usage.of(Kind.INPUT, 3), Usage.ofTokens(3, 0));
        assertEquals(Usage.of(Kind.INPUT, 3).hashCode(), Usage.ofTokens(3, 0).hashCode());
        assertNotEquals(Usage.of(Kind.INPUT, 3), Usage.of(Kind.CACHED_INPUT, 3));
        assertEquals("Usage{INPUT=3, OUTPUT=4}", Usage.ofTokens(3, 4).toString());
        assertEquals("Usage{}", Usage.NONE.toString());
    }
}
