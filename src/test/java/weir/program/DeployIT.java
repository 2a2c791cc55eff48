package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deploy/ takes for granted of the program. */
final class DeployIT {
    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern METRIC = Pattern.compile("\\bweir_[a-z_]+");
    private static final Surroundings AROUND = new Surroundings();

    @TempDir private Path directory;

    @AfterAll
    static void close() {
        AROUND.close();
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricThatIsShownIsServed() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String file : List.of("alerts.yaml", "alerts.test.yaml", "dashboard.json")) {
            shown.addAll(metrics(Files.readString(DEPLOY.resolve("monitoring").resolve(file))));
        }
        assertTrue(shown.size() > 15, shown.toString());

        shown.removeAll(served());
        shown.removeAll(served("WEIR_REDIS_URL", "redis://127.0.0.1:1"));
        assertEquals(Set.of(), shown, "shown in deploy/monitoring and not served");
    }

    /** After a call, a refusal of Weir's and one of the provider's. */
    private Set<String> served(String... environment) {
        String yaml = Surroundings.YAML + "    when-ledger-is-down: local\n";
        try (Packaged weir = Packaged.ready(AROUND.start(directory, yaml, environment))) {
            assertEquals(200, status(weir, "x-none", "none"));
            assertEquals(429, status(weir, "x-sim", "status=429"));
            assertEquals(401, status(weir, "authorization", "Bearer wk_unknown"));
            return metrics(weir.admin("/q/metrics").body());
        }
    }

    private static int status(Packaged weir, String header, String value) {
        var call = weir.call(Surroundings.CHAT_PATH, Surroundings.CHAT).header(header, value);
        return Packaged.send(call.build()).statusCode();
    }

    @Test
    void theExamplesFileIsValid() throws IOException {
        Files.writeString(directory.resolve("openai"), "sk-secret");
        String yaml = Files.readString(DEPLOY.resolve("example/weir.yaml"));
        Path file = Packaged.file(directory, yaml.replace("/etc/weir/secrets", "" + directory));

        Packaged.Start start =
                new Packaged.Start(
                        List.of("validate", file.toString()),
                        Map.of("NAMESPACE", "shop"),
                        Packaged.freePort(),
                        Packaged.freePort());
        try (Packaged weir = Packaged.begin(start)) {
            assertEquals(0, weir.exitCode(), weir.errors().toString());
        }
    }
}
