package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time goes on where a test says so, while a real event loop looks or stands still. */
final class AttentiveClockTest {
    private static final long DEADLINE_MICROS = 50_000;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final AttentiveClock clock = new AttentiveClock(vertx, now::get);
    private final Circuit circuit = new Circuit(DEADLINE_MICROS, clock);

    @AfterEach
    void close() {
        vertx.close();
    }

    private long onLoop(LongSupplier step) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(v -> done.complete(step.getAsLong()));
        return get(done);
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLoopThatStandsStillMakesNoAnswerLate() {
        onLoop(() -> {
            for (int i = 0; i < 9; i++) {
                circuit.asked();
                now.addAndGet(20 * DEADLINE_MICROS);
                assertFalse(circuit.isOpen());
                circuit.answered();
            }
            assertFalse(circuit.isOpen());
            return 0;
        });
    }

    /** The oldest question waits, and between two looks nothing came. */
    @Test
    void aLoopThatLooksCountsTheTimeThatPasses() {
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        onLoop(() -> {
            circuit.asked();
            vertx.setPeriodic(
                    1,
                    t -> {
                        now.addAndGet(1_000);
                        if (circuit.isOpen() || now.get() > 5_000_000) {
                            vertx.cancelTimer(t);
                            open.complete(circuit.isOpen());
                        }
                    });
            return 0;
        });
        assertTrue(get(open));
        assertTrue(now.get() >= 1_000_000 + 3 * DEADLINE_MICROS);
    }

    @Test
    void idleTimeIsLeftAlone() {
        long before = clock.micros();
        now.addAndGet(7_000_000);
        assertEquals(before + 7_000_000, clock.micros());
    }
}
