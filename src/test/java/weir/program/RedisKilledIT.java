package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redis is killed under 200 calls a second, and comes back empty, for each policy. */
final class RedisKilledIT {
    private static final int PER_SECOND = 200;
    private static final long DEADLINE_MILLIS = 50;

    /** For what is neither Weir's nor Redis': two processors serve all processes of this test. */
    private static final long TOLERANCE_MILLIS = 100;

    /** Calls until a new process has loaded its code and keeps the deadline. */
    private static final int WARM_UP = 1_000;

    private static final long RECOVERY_MILLIS = 5_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"open, auto", "open, off", "local, auto", "local, off"})
    void nobodyIsRefused(String policy, String lease) throws Exception {
        try (Fleet fleet = fleet(policy, lease)) {
            Packaged weir = fleet.join();
            List<OpenLoop.Answer> answers = outage(fleet, weir, policy + ", lease " + lease);

            List<OpenLoop.Answer> failed = answers.stream().filter(a -> !a.ok()).toList();
            assertEquals(List.of(), failed.subList(0, Math.min(3, failed.size())));
            assertNothingIsLost(fleet, weir);
        }
    }

    @ParameterizedTest
    @CsvSource({"auto", "off"})
    void whereItIsClosedThereAreRefusalsOnly(String lease) throws Exception {
        try (Fleet fleet = fleet("closed", lease)) {
            Packaged weir = fleet.join();
            List<OpenLoop.Answer> answers = outage(fleet, weir, "closed, lease " + lease);

            List<OpenLoop.Answer> refused = answers.stream().filter(a -> !a.ok()).toList();
            assertFalse(refused.isEmpty());
            refused.forEach(RedisKilledIT::assertIsInTheCallersDialect);
            List<Long> millis = refused.stream().map(OpenLoop.Answer::tookMillis).sorted().toList();
            System.err.printf(
                    "refused: median %d ms, 99 %% %d ms, last %d ms%n",
                    part(millis, 50), part(millis, 99), millis.getLast());
            long mostMillis = DEADLINE_MILLIS + TOLERANCE_MILLIS;
            assertTrue(millis.getLast() <= mostMillis, millis.getLast() + " ms");
            assertNothingIsLost(fleet, weir);
        }
    }

    private Fleet fleet(String policy, String lease) {
        String when = ", when-ledger-is-down: " + policy + " }";
        return new Fleet(
                directory,
                Fleet.yaml(
                        "{ name: budget, per: [tenant], spend: 50 USD/total" + when,
                        "{ name: rate, per: [tenant], requests: 600000/min" + when,
                        "{ name: slots, per: [tenant], concurrent: 1000" + when),
                "WEIR_LEDGER_LEASE",
                lease);
    }

    /** A while with Redis, two seconds without, and then until it has long been found again. */
    private static List<OpenLoop.Answer> outage(Fleet fleet, Packaged weir, String what)
            throws InterruptedException {
        try (OpenLoop load = new OpenLoop(Fleet.data(weir), PER_SECOND)) {
            load.awaitSent(WARM_UP);
            Packaged.until("found", () -> Fleet.metric(weir, "weir_ledger_up").equals("1.0"));
            long warmNanos = System.nanoTime();
            load.awaitSent(PER_SECOND);
            long killedNanos = System.nanoTime();
            fleet.killRedis();
            load.awaitSent(2 * PER_SECOND);
            fleet.restartRedis();
            long backNanos = System.nanoTime();
            Packaged.until("found", () -> Fleet.metric(weir, "weir_ledger_up").equals("1.0"));
            long foundNanos = System.nanoTime();
            load.awaitSent(PER_SECOND);
            List<OpenLoop.Answer> answers = load.finish();
            Times times = new Times(warmNanos, killedNanos, backNanos, foundNanos);
            tell(what, answers, times);
            assertTrue(times.recoveredMillis() <= RECOVERY_MILLIS);
            assertTrue(millis(backNanos, lastRefusalNanos(answers, backNanos)) <= RECOVERY_MILLIS);
            return answers.stream().filter(a -> a.sentNanos() > warmNanos).toList();
        }
    }

    private record Times(long warmNanos, long killedNanos, long backNanos, long foundNanos) {
        long recoveredMillis() {
            return millis(backNanos, foundNanos);
        }

        boolean cold(OpenLoop.Answer answer) {
            return answer.sentNanos() < warmNanos;
        }

        boolean withRedis(OpenLoop.Answer answer) {
            return !cold(answer) && answer.sentNanos() < killedNanos;
        }
    }

    private static void tell(String what, List<OpenLoop.Answer> answers, Times times) {
        List<Long> served =
                answers.stream()
                        .filter(a -> a.ok() && !times.cold(a))
                        .map(OpenLoop.Answer::tookMillis)
                        .sorted()
                        .toList();
        System.err.printf(
                "%s: %d calls, %d refused, %d with Redis and cold, %d with Redis and warm,"
                        + " %d without an answer; recovered %d ms after Redis was back (last"
                        + " refusal at %d ms); served: median %d ms, 99 %% %d ms, last %d ms%n",
                what,
                answers.size(),
                count(answers, a -> !a.reason().isEmpty()),
                count(answers, a -> !a.ok() && times.cold(a)),
                count(answers, a -> !a.ok() && times.withRedis(a)),
                count(answers, a -> a.status() == 0),
                times.recoveredMillis(),
                millis(times.backNanos(), lastRefusalNanos(answers, times.backNanos())),
                part(served, 50),
                part(served, 99),
                served.getLast());
    }

    private static long lastRefusalNanos(List<OpenLoop.Answer> answers, long otherwise) {
        return answers.stream()
                .filter(a -> !a.ok())
                .mapToLong(OpenLoop.Answer::sentNanos)
                .max()
                .orElse(otherwise);
    }

    private static long millis(long from, long to) {
        return TimeUnit.NANOSECONDS.toMillis(to - from);
    }

    private static long count(List<OpenLoop.Answer> answers, Predicate<OpenLoop.Answer> like) {
        return answers.stream().filter(like).count();
    }

    private static long part(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    private static void assertIsInTheCallersDialect(OpenLoop.Answer answer) {
        assertEquals(503, answer.status(), answer.toString());
        assertEquals("ledger_unavailable", answer.reason(), answer.toString());
        JsonNode error = Fleet.json(answer.body()).path("error");
        for (String member : List.of("message", "type", "code")) {
            assertTrue(error.path(member).isTextual(), answer.body());
        }
    }

    /** All of it happened in the minute that a sidecar can tell an empty Redis of. */
    private static void assertNothingIsLost(Fleet fleet, Packaged weir) {
        Packaged.until(
                "settled", () -> Fleet.metric(weir, "weir_settlements_pending").equals("0.0"));
        Packaged.until("nothing is held", () -> Fleet.counter(weir, "budget").idle());
        Packaged.until("slots are free", () -> Fleet.counter(weir, "slots").taken() == 0);
        assertEquals(fleet.chargedNanoUsd(), Fleet.counter(weir, "budget").used());
    }
}
