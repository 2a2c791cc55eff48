package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.ledger.Lease;

/**
 * A sidecar is killed that holds leases and has streams in flight: when its leases are over its
 * slots are free, and its money counts as spent.
 */
final class HolderKilledIT {
    private static final int STREAMS = 5;
    private static final int SLOTS = 8;
    private static final int BEFORE = 40;

    /** For the look at it, and for a clock that the processes of this test share with others. */
    private static final long TOLERANCE_MILLIS = 2_000;

    private static final long PATIENCE_MILLIS = 38_000;

    private static final String YAML =
            Fleet.yaml(
                    "{ name: budget, per: [tenant], spend: 5 USD/total }",
                    "{ name: slots, per: [tenant], concurrent: " + SLOTS + " }");

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void itsSlotsAreFreeAndItsMoneyIsSpent(String lease) throws Exception {
        try (Fleet fleet =
                new Fleet(
                        directory,
                        YAML,
                        "WEIR_LEDGER_LEASE",
                        lease,
                        "WEIR_LEDGER_DEADLINE",
                        "5s",
                        "WEIR_LEDGER_RESERVATION_TTL",
                        "20s")) {
            Packaged doomed = fleet.join();
            Packaged other = fleet.join();
            for (int i = 0; i < BEFORE; i++) {
                Chat chat = Chat.small(i);
                assertEquals(200, Packaged.send(chat.to(Fleet.data(doomed))).statusCode());
            }
            List<CompletableFuture<HttpResponse<String>>> streams = streams(fleet, doomed);
            long charged = fleet.chargedNanoUsd();
            Fleet.Counter before = Fleet.counter(other, "budget");

            long killedNanos = System.nanoTime();
            doomed.kill();
            Fleet.Counter atOnce = Fleet.counter(other, "budget");
            long freeMillis = awaitFree(other, killedNanos, charged);

            Fleet.Counter after = Fleet.counter(other, "budget");
            System.err.printf(
                    "lease %s: slots free and money settled %d ms after the kill; charged %d;"
                            + " before %s, at once %s, after %s%n",
                    lease, freeMillis, charged, before, atOnce, after);
            assertTrue(streams.stream().allMatch(CompletableFuture::isCompletedExceptionally));
            assertTrue(atOnce.taken() > charged, atOnce + " " + charged);
            assertEquals(atOnce.taken(), after.used());
            assertTrue(freeMillis <= Lease.MILLIS + TOLERANCE_MILLIS, freeMillis + " ms");
            assertAllSlotsCanBeHad(fleet, other);
        }
    }

    /** Five streams that stand still after their first events. */
    private static List<CompletableFuture<HttpResponse<String>>> streams(Fleet fleet, Packaged weir)
            throws Exception {
        List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
        stall(fleet, weir, STREAMS, streams);
        Packaged.until(
                "the ledger knows of the streams' slots",
                () -> Fleet.counter(weir, "slots").taken() >= STREAMS);
        return streams;
    }

    private static void stall(
            Fleet fleet,
            Packaged weir,
            int count,
            List<CompletableFuture<HttpResponse<String>>> streams)
            throws Exception {
        long seen = fleet.around().provider().recorder().seen();
        for (int i = 0; i < count; i++) {
            streams.add(
                    Packaged.HTTP.sendAsync(
                            weir.call(Surroundings.CHAT_PATH, Surroundings.STREAM)
                                    .header("x-sim", "stall=after-chunks:3")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        }
        fleet.around()
                .provider()
                .recorder()
                .seen(seen + count)
                .get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Meanwhile the budget never has less than what was charged for the dead sidecar's calls. */
    private static long awaitFree(Packaged other, long killedNanos, long charged) {
        while (true) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos);
            Fleet.Counter budget = Fleet.counter(other, "budget");
            Fleet.Counter slots = Fleet.counter(other, "slots");
            assertTrue(budget.taken() >= charged, budget + " " + charged);
            if (budget.idle() && slots.taken() == 0) {
                return millis;
            }
            assertTrue(millis < PATIENCE_MILLIS, "still held: " + budget + " " + slots);
        }
    }

    private static void assertAllSlotsCanBeHad(Fleet fleet, Packaged other) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        stall(fleet, other, SLOTS, all);
        HttpResponse<String> oneMore = other.post(Surroundings.CHAT_PATH, Surroundings.CHAT);
        assertEquals(429, oneMore.statusCode(), oneMore.body());
        assertTrue(all.stream().noneMatch(CompletableFuture::isDone));
    }
}
