package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.journey.World;

/** The program while all is well: what operators see of it. */
final class RunningIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Surroundings AROUND = new Surroundings();

    /** Section 7 of DESIGN.md, less the leases, which are not there yet. */
    private static final List<String> METRICS =
            List.of(
                    "weir_requests_total{",
                    "weir_tokens_total{",
                    "weir_spend_usd_total{",
                    "weir_refusals_total{",
                    "weir_limit_remaining{",
                    "weir_budget_spent_usd{",
                    "weir_budget_leased_usd{",
                    "weir_budget_limit_usd{",
                    "weir_overhead_seconds_bucket{part=\"peek\"",
                    "weir_overhead_seconds_bucket{part=\"reserve\"",
                    "weir_overhead_seconds_bucket{part=\"first_byte\"",
                    "weir_time_to_first_byte_seconds_bucket{",
                    "weir_upstream_seconds_bucket{",
                    "weir_in_flight 0.0",
                    "weir_ledger_seconds_bucket{operation=\"reserve\"",
                    "weir_ledger_up 1.0",
                    "weir_settlements_pending 0.0",
                    "weir_usage_estimated_total 0.0",
                    "weir_labels_clipped_total 0.0",
                    "weir_config_reloads_total{result=\"ok\"} 0.0",
                    "weir_config_reloads_total{result=\"refused\"} 0.0",
                    "gen_ai_client_token_usage_sum{",
                    "gen_ai_client_operation_duration_seconds_sum{");

    @TempDir private static Path directory;
    private static Packaged weir;

    @BeforeAll
    static void start() {
        long begunNanos = System.nanoTime();
        weir = Packaged.ready(AROUND.start(directory, Surroundings.YAML));
        System.err.println("started in " + (System.nanoTime() - begunNanos) / 1_000_000 + " ms");
    }

    @AfterAll
    static void close() {
        weir.close();
        AROUND.close();
    }

    @Test
    void itIsAliveAndReady() {
        assertEquals(200, weir.admin("/q/health/live").statusCode());
        assertEquals(200, weir.admin("/q/health/ready").statusCode());
        assertTrue(weir.admin("/q/health/ready").body().contains("\"UP\""));
    }

    @Test
    void everyMetricHasItsName() {
        assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        assertEquals(404, weir.post("/nowhere/v1", "{}").statusCode());
        String scrape = weir.admin("/q/metrics").body();

        for (String name : METRICS) {
            assertTrue(scrape.lines().anyMatch(line -> line.startsWith(name)), name);
        }
        assertFalse(scrape.contains(" NaN"), scrape);
        assertFalse(scrape.contains("http_server_requests"), "the framework times calls too");
    }

    @Test
    void aCallIsOneLineOfJsonAndNothingElseIsOnStandardOutput() throws IOException {
        assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        JsonNode call = JSON.readTree(weir.callLine("\"outcome\":\"ok\""));

        assertTrue(Instant.parse(call.get("time").asText()).isBefore(Instant.now()));
        assertEquals("shop", call.get("tenant").asText());
        assertEquals("openai", call.get("provider").asText());
        assertEquals("gpt-6-luna", call.get("model").asText());
        assertEquals("chat.completions", call.get("endpoint").asText());
        assertEquals(200, call.get("status").asInt());
        assertTrue(call.get("cost_nano_usd").asLong() > 0);
        assertTrue(call.get("reserved_nano_usd").asLong() >= call.get("cost_nano_usd").asLong());
        for (String line : weir.output()) {
            assertTrue(JSON.readTree(line).isObject(), line);
            assertFalse(line.contains(World.SECRET), line);
        }
        assertEquals(List.of(), weir.errors());
    }

    @Test
    void bothSidesRunOnTheNativeTransport() throws IOException {
        assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        String loaded = Files.readString(Path.of("/proc/" + weir.pid() + "/maps"));
        assertTrue(loaded.contains("netty_transport_native_epoll"), "no epoll library is loaded");
    }

    @Test
    void ofTheAdminPortNothingElseIsServed() {
        assertEquals(404, weir.admin("/openai/v1/models").statusCode());
    }
}
