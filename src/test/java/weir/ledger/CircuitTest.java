package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CircuitTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final Circuit circuit = new Circuit(50, now::get);

    private void question(long answeredAfter) {
        circuit.asked();
        now.addAndGet(answeredAfter);
        circuit.answered();
    }

    @Test
    void opensWhenThreeAnswersInARowWereLate() {
        question(51);
        question(51);
        assertFalse(circuit.isOpen());
        question(51);
        assertTrue(circuit.isOpen());
        question(50);
        assertFalse(circuit.isOpen());
    }

    @Test
    void anAnswerInTimeBreaksTheRow() {
        for (int i = 0; i < 10; i++) {
            question(51);
            question(51);
            question(50);
        }
        assertFalse(circuit.isOpen());
    }

    @Test
    void onePauseMakesManyLateAndCountsOnce() {
        for (int i = 0; i < 100; i++) {
            circuit.asked();
        }
        now.addAndGet(60);
        for (int i = 0; i < 100; i++) {
            circuit.answered();
        }
        assertFalse(circuit.isOpen());
    }

    @Test
    void opensWhenTheOldestQuestionHasWaitedForThreeDeadlines() {
        circuit.asked();
        now.addAndGet(100);
        circuit.asked();
        now.addAndGet(50);
        assertFalse(circuit.isOpen());
        now.addAndGet(1);
        assertTrue(circuit.isOpen());
        circuit.answered();
        assertFalse(circuit.isOpen(), "one late answer; the next question is younger");
    }

    @Test
    void knowsWhetherAnAnswerIsOnItsWay() {
        assertTrue(circuit.isSilent());
        circuit.asked();
        assertEquals(false, circuit.isSilent());
    }
}
