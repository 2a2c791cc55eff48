package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.app.Settings;
import weir.redis.TestRedis;

/** What a call costs Redis: one script before it is forwarded, and its share of one after. */
final class RedisCommandsTest {
    private static final int CALLS = 60;
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: daily, per: [tenant], spend: 50 USD/day }
              - { name: rate, per: [tenant], requests: 9000/min, tokens: 9000000/min }
              - { name: at-once, per: [model], concurrent: 100 }
            """;
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
            """;
    private static final Path SCRIPTS = Path.of("src/main/resources/weir/ledger");
    private static final Pattern CALL = Pattern.compile("\\bcall\\(\\s*['\"](\\w+)['\"]");

    private final World world = new World();
    private final TestRedis redis = TestRedis.start();

    @AfterEach
    void close() {
        world.close();
        redis.close();
    }

    @Test
    void oneScriptBeforeEachCallAndFewAfter() throws Exception {
        World.Weir weir = world.weir(YAML, withoutGrace());
        awaitConnection(weir);
        redis.command("CONFIG", "RESETSTAT");
        long began = System.nanoTime();

        List<CompletableFuture<HttpResponse<String>>> calls = startCalls(weir);
        world.provider().recorder().seen(CALLS).get(World.PATIENCE_SECONDS, TimeUnit.SECONDS);

        long scripts = redis.calls("evalsha");
        // That this sidecar is there, and which works others have left.
        long beats = 2 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) / 5;
        assertTrue(scripts >= CALLS && scripts <= CALLS + beats, scripts + " scripts");
        Set<String> others = commands();
        others.removeAll(commandsOfScripts());
        // This test's own, and what every new connection begins with.
        Set<String> begin = Set.of("info", "role", "script");
        others.removeIf(name -> begin.contains(name) || name.startsWith("config"));
        assertEquals(Set.of("evalsha"), others);

        // A stop without grace ends all of them in one turn of the event loop, and settles them.
        weir.stop();
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            assertEquals(504, call.get(World.PATIENCE_SECONDS, TimeUnit.SECONDS).statusCode());
        }
        long settlements = redis.calls("evalsha") - scripts;
        assertTrue(settlements >= 1 && settlements <= 4, settlements + " for " + CALLS);
        assertEquals(0, redis.calls("eval"));
    }

    private Settings withoutGrace() {
        Settings usual = World.settings(Optional.of(redis.url()));
        return new Settings(
                usual.host(),
                usual.port(),
                usual.eventLoops(),
                usual.redis(),
                usual.ledgerDeadlineMillis(),
                usual.bounds(),
                0,
                usual.sidecar());
    }

    private static void awaitConnection(World.Weir weir) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
        while (!weir.sidecar().ledgerIsUp()) {
            assertTrue(System.nanoTime() < end, "no connection to Redis");
            Thread.onSpinWait();
        }
    }

    /** Calls that the provider takes and does not answer. */
    private static List<CompletableFuture<HttpResponse<String>>> startCalls(World.Weir weir) {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            calls.add(
                    http.sendAsync(
                            weir.request(
                                    "/openai/v1/chat/completions",
                                    CHAT,
                                    "x-sim",
                                    "stall=before-headers"),
                            BodyHandlers.ofString()));
        }
        return calls;
    }

    private Set<String> commands() {
        Set<String> names = new TreeSet<>();
        redis.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> names.add(line.substring("cmdstat_".length(), line.indexOf(':'))));
        return names;
    }

    /** Redis counts these too. */
    private static Set<String> commandsOfScripts() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file : files.toList()) {
                Matcher call = CALL.matcher(Files.readString(file));
                while (call.find()) {
                    names.add(call.group(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
