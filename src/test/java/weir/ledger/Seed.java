package weir.ledger;

import java.util.Random;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** A printed seed, also in the failure of a test that it extends; {@code -Dseed=} replays it. */
public final class Seed implements TestExecutionExceptionHandler {
    private static volatile long latest;

    public static Random random(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        latest = seed;
        System.err.println(test + ": -Dseed=" + seed);
        return new Random(seed);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) {
        throw new AssertionError("-Dseed=" + latest + ": " + failure.getMessage(), failure);
    }
}
