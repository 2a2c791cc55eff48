package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.redis.TestRedis;

/** A sidecar that dies, or is told to stop, with calls in flight on a shared ledger. */
final class CrashIT {
    private static final int IN_FLIGHT = 3;

    private static final String YAML =
            Surroundings.YAML
                    .replace("50 USD/day", "50 USD/total")
                    .replace("    requests: 600/min\n", "");

    /** The same counter, and no room: every call is refused, and told how the counter stands. */
    private static final String PROBE = YAML.replace("50 USD", "0.000000001 USD");

    private final Surroundings around = new Surroundings();
    private final TestRedis redis = TestRedis.start();

    @TempDir private Path directory;
    @TempDir private Path probeDirectory;

    @AfterEach
    void close() {
        redis.close();
        around.close();
    }

    private record Sums(long spentNanoUsd, long reservedNanoUsd) {}

    @Test
    void afterKillNoReservationStaysAndNoSpendIsLost() throws Exception {
        try (Packaged weir = start(directory, YAML, "WEIR_LEDGER_RESERVATION_TTL", "4s");
                Packaged probe = start(probeDirectory, PROBE)) {
            String whole = callInFull(weir);
            long reserved = number(whole, "reserved_nano_usd");
            long cost = number(whole, "cost_nano_usd");
            assertTrue(0 < cost && cost < reserved, whole);
            List<CompletableFuture<HttpResponse<String>>> calls = callsInFlight(weir);

            weir.kill();
            Sums atOnce = standing(probe);
            Packaged.until("the reservations expire", () -> standing(probe).reservedNanoUsd() == 0);

            assertEquals(new Sums(cost, IN_FLIGHT * reserved), atOnce);
            assertEquals(new Sums(cost + IN_FLIGHT * reserved, 0), standing(probe));
            assertTrue(calls.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        }
    }

    @Test
    void aStopSettlesWhatItCutsOff() throws Exception {
        try (Packaged weir = start(directory, YAML, "WEIR_DRAIN_TIMEOUT", "0s");
                Packaged probe = start(probeDirectory, PROBE)) {
            long spent = number(callInFull(weir), "cost_nano_usd");
            List<CompletableFuture<HttpResponse<String>>> unused = callsInFlight(weir);

            weir.terminate();

            assertEquals(0, weir.exitCode(), weir.errors().toString());
            List<String> cut =
                    weir.output().stream().filter(l -> l.contains("\"estimated\":true")).toList();
            assertEquals(IN_FLIGHT, cut.size(), weir.output().toString());
            for (String line : cut) {
                spent += number(line, "cost_nano_usd");
            }
            assertEquals(new Sums(spent, 0), standing(probe));
        }
    }

    private Packaged start(Path where, String yaml, String... environment) {
        List<String> all = new ArrayList<>(List.of(environment));
        all.addAll(List.of("WEIR_REDIS_URL", redis.url(), "WEIR_LEDGER_DEADLINE", "2s"));
        // Looks at single holds in Redis; a lease would hold them as one sum.
        all.addAll(List.of("WEIR_LEDGER_LEASE", "off"));
        Packaged started = Packaged.ready(around.start(where, yaml, all.toArray(String[]::new)));
        Packaged.until("ready", () -> started.admin("/q/health/ready").statusCode() == 200);
        return started;
    }

    private static String callInFull(Packaged weir) {
        assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        String line = weir.callLine("\"outcome\":\"ok\"");
        Packaged.until(
                "settled",
                () -> weir.admin("/q/metrics").body().contains("weir_settlements_pending 0.0"));
        return line;
    }

    private List<CompletableFuture<HttpResponse<String>>> callsInFlight(Packaged weir)
            throws Exception {
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        long before = around.provider().recorder().seen();
        for (int i = 0; i < IN_FLIGHT; i++) {
            calls.add(
                    Packaged.HTTP.sendAsync(
                            weir.call(Surroundings.CHAT_PATH, Surroundings.CHAT)
                                    .header("x-sim", "stall=before-headers")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        }
        around.provider()
                .recorder()
                .seen(before + IN_FLIGHT)
                .get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
        return calls;
    }

    /** How the counter stands, by the body of a refusal, to the nano-dollar. */
    private static Sums standing(Packaged probe) {
        HttpResponse<String> refusal = probe.post(Surroundings.CHAT_PATH, Surroundings.CHAT);
        assertEquals(402, refusal.statusCode(), refusal.body());
        return new Sums(nanoUsd(refusal.body(), "used"), nanoUsd(refusal.body(), "reserved"));
    }

    private static long nanoUsd(String json, String key) {
        return new BigDecimal(find(json, key)).movePointRight(9).longValueExact();
    }

    private static long number(String json, String key) {
        return Long.parseLong(find(json, key));
    }

    private static String find(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":\"?([0-9.]+)").matcher(json);
        assertTrue(matcher.find(), () -> key + " is not in " + json);
        return matcher.group(1);
    }
}
