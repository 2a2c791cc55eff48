package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.journey.BackgroundProvider;
import weir.journey.World;

/** A sidecar is killed while a provider works for it: another one settles what that cost. */
final class JobCrashIT {
    private static final long COST_NANO_USD = 600_000;

    private final Vertx vertx = Vertx.vertx();
    private final BackgroundProvider provider = new BackgroundProvider();
    private final HttpServer server =
            World.await(vertx.createHttpServer().requestHandler(provider).listen(0, "127.0.0.1"));

    @TempDir private Path directory;

    @AfterEach
    void close() {
        World.await(server.close());
        World.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void anotherSidecarSettlesWhatTheDeadOneBegan(String lease) {
        String yaml = Fleet.yaml("{ name: purse, per: [tenant], spend: 1 USD/total }");
        try (Fleet fleet =
                new Fleet(
                        directory,
                        yaml.replace("${PROVIDER}", "http://127.0.0.1:" + server.actualPort()),
                        "WEIR_LEDGER_LEASE",
                        lease,
                        "WEIR_LEDGER_DEADLINE",
                        "5s")) {
            Packaged doomed = fleet.join();
            Packaged other = fleet.join();
            int status =
                    doomed.post(BackgroundProvider.PATH, BackgroundProvider.CREATE).statusCode();
            assertEquals(200, status);
            Packaged.until("noted", () -> works(fleet).isPresent());
            doomed.kill();
            // In place of two minutes without a word.
            String works = works(fleet).orElseThrow();
            fleet.redis().command("ZADD", works, "XX", "0", "/v1/responses/resp_1");
            Packaged.until("taken", () -> seesToOne(other));
            assertTrue(Fleet.counter(other, "purse").taken() >= 8_000_000, "it is held");
            provider.status = "completed";
            String line = other.line(l -> l.contains("\"event\":\"job\""));
            assertTrue(line.contains("\"cost_nano_usd\":" + COST_NANO_USD + ","), line);
            assertFalse(line.contains("estimated"), line);
            Packaged.until("settled", () -> Fleet.counter(other, "purse").used() >= COST_NANO_USD);
            assertEquals(COST_NANO_USD, Fleet.counter(other, "purse").used());
        }
    }

    private static Optional<String> works(Fleet fleet) {
        return fleet.redis()
                .command("KEYS", "weir:{jobs}:*")
                .lines()
                .filter(key -> !key.endsWith(":notes"))
                .findFirst();
    }

    private static boolean seesToOne(Packaged weir) {
        return weir.admin("/q/metrics").body().contains("weir_jobs 1.0");
    }
}
