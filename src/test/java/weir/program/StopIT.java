package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM: not ready, no new calls, streams finish within the drain time, everything is settled.
 */
final class StopIT {
    private final Surroundings around = new Surroundings();

    @TempDir private Path directory;

    @AfterEach
    void close() {
        around.close();
    }

    private CompletableFuture<HttpResponse<String>> stream(Packaged weir, String behaviour)
            throws Exception {
        CompletableFuture<HttpResponse<String>> stream =
                Packaged.HTTP.sendAsync(
                        weir.call(Surroundings.CHAT_PATH, Surroundings.STREAM)
                                .header("x-sim", behaviour)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        around.provider().recorder().seen(1).get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
        return stream;
    }

    @Test
    void withNothingInFlightItEndsAtOnce() {
        try (Packaged weir = Packaged.ready(around.start(directory, Surroundings.YAML))) {
            weir.terminate();

            assertEquals(0, weir.exitCode(), weir.errors().toString());
            assertTrue(weir.output().getLast().contains("\"event\":\"stopped\""));
        }
    }

    @Test
    void aStreamInFlightFinishesWhileNothingNewBegins() throws Exception {
        try (Packaged weir = Packaged.ready(around.start(directory, Surroundings.YAML))) {
            CompletableFuture<HttpResponse<String>> stream =
                    stream(weir, "tokens=20,chunk-delay=200ms");

            weir.terminate();
            String unused = weir.line(line -> line.contains("\"event\":\"draining\""));

            assertEquals(503, weir.admin("/q/health/ready").statusCode());
            assertEquals(200, weir.admin("/q/health/live").statusCode());
            assertTrue(weir.admin("/q/metrics").body().contains("weir_in_flight 1.0"));
            HttpResponse<String> next = weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT);
            assertEquals(503, next.statusCode());
            assertEquals("draining", next.headers().firstValue("x-weir-reason").orElse(""));
            assertTrue(!stream.isDone(), "the stream was over before anything could be asked");
            HttpResponse<String> whole = stream.get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(whole.body().endsWith("data: [DONE]\n\n"), whole.body());
            assertEquals(0, weir.exitCode(), weir.errors().toString());
            String call = weir.callLine("\"outcome\":\"ok\"");
            assertTrue(!call.contains("\"cost_nano_usd\":0,"), call);
            assertTrue(weir.output().getLast().contains("\"event\":\"stopped\""));
        }
    }

    @Test
    void aStreamLongerThanTheDrainTimeIsCutAndCharged() throws Exception {
        Packaged.Start start =
                around.start(directory, Surroundings.YAML, "WEIR_DRAIN_TIMEOUT", "1s");
        try (Packaged weir = Packaged.ready(start)) {
            CompletableFuture<HttpResponse<String>> stream = stream(weir, "stall=after-chunks:3");

            long begunNanos = System.nanoTime();
            weir.terminate();

            assertEquals(0, weir.exitCode(), weir.errors().toString());
            long tookMillis = (System.nanoTime() - begunNanos) / 1_000_000;
            assertTrue(1_000 <= tookMillis && tookMillis < 10_000, tookMillis + " ms");
            assertThrows(
                    ExecutionException.class,
                    () -> stream.get(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS));
            String call = weir.callLine("\"outcome\":\"broken\"", "\"estimated\":true");
            assertTrue(!call.contains("\"cost_nano_usd\":0,"), call);
            assertTrue(weir.output().getLast().contains("\"event\":\"stopped\""));
        }
    }
}
