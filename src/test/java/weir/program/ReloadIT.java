package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed weir.yaml, or a changed secret, takes effect without a restart or a dropped call. */
final class ReloadIT {
    private final Surroundings around = new Surroundings();

    @TempDir private Path directory;

    @AfterEach
    void close() {
        around.close();
    }

    @Test
    void aChangedFileRulesNewCallsAndDropsNone() throws Exception {
        try (Packaged weir = Packaged.ready(around.start(directory, Surroundings.YAML))) {
            CompletableFuture<HttpResponse<String>> stream =
                    Packaged.HTTP.sendAsync(
                            weir.call(Surroundings.CHAT_PATH, Surroundings.STREAM)
                                    .header("x-sim", "tokens=20,chunk-delay=200ms")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            around.provider().recorder().seen(1).get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);

            Path unused = Packaged.file(directory, Surroundings.YAML.replace("600", "77"));
            String reloaded = weir.line(line -> line.contains("\"config_reloaded\""));
            HttpResponse<String> next = weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT);

            assertTrue(!stream.isDone(), "the stream was over before " + reloaded);
            assertTrue(next.headers().map().toString().contains("\"daily.requests\";q=77"));
            HttpResponse<String> whole = stream.get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(whole.body().endsWith("data: [DONE]\n\n"), whole.body());
            assertTrue(metrics(weir).contains("weir_config_reloads_total{result=\"ok\"} 1.0"));
        }
    }

    @Test
    void aBrokenFileIsRefusedAndTheOldOneStays() {
        try (Packaged weir = Packaged.ready(around.start(directory, Surroundings.YAML))) {
            Path unused = Packaged.file(directory, Surroundings.YAML.replace("600/min", "600"));

            String refused = weir.line(line -> line.contains("\"config_refused\""));

            assertTrue(refused.contains("weir.yaml:11: limits[0].requests"), refused);
            HttpResponse<String> next = weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT);
            assertEquals(200, next.statusCode(), next.body());
            assertTrue(next.headers().map().toString().contains("\"daily.requests\";q=600"));
            String metrics = metrics(weir);
            assertTrue(metrics.contains("weir_config_reloads_total{result=\"refused\"} 1.0"));
            assertTrue(metrics.contains("weir_config_reloads_total{result=\"ok\"} 0.0"));
        }
    }

    @Test
    void aRotatedSecretIsUsedForNewCalls() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "sk-old\n");
        String yaml = Surroundings.YAML.replace("${SECRET}", "file:" + secret);
        try (Packaged weir = Packaged.ready(around.start(directory, yaml))) {
            assertEquals("Bearer sk-old", authorizationOfACall(weir));

            // As a secret is rotated for real: a new file in the old one's place.
            Path next = Files.writeString(directory.resolve("next"), "sk-new\n");
            Files.move(next, secret, StandardCopyOption.REPLACE_EXISTING);
            String unused = weir.line(line -> line.contains("\"config_reloaded\""));

            assertEquals("Bearer sk-new", authorizationOfACall(weir));
            assertTrue(weir.output().stream().noneMatch(line -> line.contains("sk-")));
        }
    }

    private String authorizationOfACall(Packaged weir) {
        assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        return String.valueOf(around.provider().recorder().last().header("authorization"));
    }

    private static String metrics(Packaged weir) {
        return weir.admin("/q/metrics").body();
    }
}
