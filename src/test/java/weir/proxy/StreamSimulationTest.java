package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.ledger.Seed;

/** What a budget promises, at ten thousand streams at a time. */
@ExtendWith(Seed.class)
final class StreamSimulationTest {
    private static final int STREAMS = 10_000;

    private static final int SHORT_TOKENS = 100;
    private static final int LONG_TOKENS = 5_000;
    private static final long MOST_TOKENS = 32_768;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBudgetForATenthIsUsedUpAndNeverExceeded(boolean leased) {
        Random random = Seed.random("ten thousand streams");
        long[] tokens = new long[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            tokens[i] = tokens(random);
        }
        StreamSimulation world = new StreamSimulation(random, leased, tokens);
        world.run(3_600);
        System.err.println((leased ? "leased: " : "exact: ") + world.figures());
        world.assertOver();
        // A few whose first answer is lost come in when the first are over.
        assertTrue(world.mostInFlight >= STREAMS * 99 / 100, world.figures());
        assertTrue(world.usedOfTenThousand() >= 9_800, world.figures());
    }

    /** Half are short; of the others twice as long is half as likely. */
    private static long tokens(Random random) {
        if (random.nextBoolean()) {
            return SHORT_TOKENS + (long) random.nextInt(LONG_TOKENS);
        }
        return Math.min(MOST_TOKENS, LONG_TOKENS * 1_000L / (1 + random.nextInt(1_000)));
    }
}
