package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HeldBytesTest {
    private static final int QUARTER = 64 << 20;

    @Test
    void bodiesAreBoundedTogether() {
        HeldBytes held = new HeldBytes(4L << 30);
        for (int i = 0; i < 4; i++) {
            assertTrue(held.take(QUARTER));
        }

        assertFalse(held.take(1), "all is taken");

        held.giveBack(1);
        assertTrue(held.take(1), "a refusal takes nothing");
        assertFalse(held.take(1));
    }

    @Test
    void aSmallHeapBoundsThemMore() {
        HeldBytes held = new HeldBytes(4L * QUARTER);

        assertTrue(held.take(QUARTER));
        assertFalse(held.take(1));
    }
}
