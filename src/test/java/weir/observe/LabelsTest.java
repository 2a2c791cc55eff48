package weir.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    private final AtomicInteger clipped = new AtomicInteger();
    private final Labels labels = new Labels(2, clipped::incrementAndGet);

    @Test
    void theFirstSoManyKeepTheirNames() {
        assertEquals("a", labels.bound("a", true));
        assertEquals("b", labels.bound("b", true));
        assertEquals("other", labels.bound("c", true));
        assertEquals("a", labels.bound("a", true));
        assertEquals(1, clipped.get());
    }

    @Test
    void whatWasRefusedTakesNoPlace() {
        assertEquals("other", labels.bound("junk", false));
        assertEquals("a", labels.bound("a", true));
        assertEquals("a", labels.bound("a", false));
        assertEquals("b", labels.bound("b", true));
    }

    @Test
    void noNameIsNotClipped() {
        assertEquals("", labels.bound("", false));
        assertEquals(0, clipped.get());
    }

    @Test
    void aNameOfAnyLengthIsNotKept() {
        assertEquals("other", labels.bound("x".repeat(129), true));
    }
}
