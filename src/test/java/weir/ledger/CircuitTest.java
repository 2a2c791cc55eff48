package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CircuitTest {
    private final Circuit circuit = new Circuit(50);
    private long now = 1_000;

    private void question(long answeredAfter) {
        circuit.asked(now);
        now += answeredAfter;
        circuit.answered(now);
    }

    @Test
    void opensWhenThreeAnswersInARowWereLate() {
        question(51);
        question(51);
        assertFalse(circuit.isOpen(now));
        question(51);
        assertTrue(circuit.isOpen(now));
        question(50);
        assertFalse(circuit.isOpen(now));
    }

    @Test
    void anAnswerInTimeBreaksTheRow() {
        for (int i = 0; i < 10; i++) {
            question(51);
            question(51);
            question(50);
        }
        assertFalse(circuit.isOpen(now));
    }

    @Test
    void onePauseMakesManyLateAndCountsOnce() {
        for (int i = 0; i < 100; i++) {
            circuit.asked(now);
        }
        now += 60;
        for (int i = 0; i < 100; i++) {
            circuit.answered(now);
        }
        assertFalse(circuit.isOpen(now));
    }

    @Test
    void opensWhenTheOldestQuestionHasWaitedForThreeDeadlines() {
        circuit.asked(now);
        circuit.asked(now + 100);
        assertFalse(circuit.isOpen(now + 150));
        assertTrue(circuit.isOpen(now + 151));
        circuit.answered(now + 151);
        assertFalse(circuit.isOpen(now + 152), "one late answer; the next question is younger");
    }

    @Test
    void knowsWhetherAnAnswerIsOnItsWay() {
        assertTrue(circuit.isSilent());
        circuit.asked(now);
        assertEquals(false, circuit.isSilent());
    }
}
