package weir.ledger;

import java.util.Random;

/** A printed seed; {@code -Dseed=} replays it. */
final class Seed {
    private Seed() {}

    static Random random(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.err.println(test + ": -Dseed=" + seed);
        return new Random(seed);
    }
}
