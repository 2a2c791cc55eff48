package loadtest;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shows a virtual machine that records a cache what Weir does all day. The arguments are the
 * command that starts Weir; it is given a simulated provider over TLS, called in every common way,
 * and told to stop. Ends with the code that Weir ended with.
 *
 * <p>It is also given a Redis that does not answer, so that what speaks to one is in the cache too.
 */
public final class TrainingMain {
    /** Enough for the paths of a call to count as hot; some seconds. */
    private static final int ROUNDS = 200;

    private static final int PATIENCE_SECONDS = 60;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String calls = "127.0.0.1:" + freePort();
    private final String admin = "127.0.0.1:" + freePort();

    private TrainingMain() throws IOException {}

    public static void main(String[] command) throws Exception {
        Path scratch = Files.createTempDirectory("weir-training");
        Path cert = scratch.resolve("cert.pem");
        Path key = scratch.resolve("key.pem");
        SelfSigned.write(cert, key);
        Vertx vertx = Vertx.vertx();
        SimulatedOptions options =
                SimulatedOptions.DEFAULT.withoutRecording().withTls("" + cert, "" + key);
        SimulatedProvider provider =
                SimulatedProvider.start(vertx, options)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            System.exit(new TrainingMain().train(command, provider.baseUrl(), cert));
        } catch (IOException e) {
            System.err.println("training: " + e.getMessage());
            System.exit(1);
        }
    }

    private int train(String[] command, String provider, Path cert) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(
                        Map.of(
                                "WEIR_LISTEN",
                                calls,
                                "WEIR_ADMIN_LISTEN",
                                admin,
                                "WEIR_REDIS_URL",
                                "redis://127.0.0.1:1",
                                "TRAINING_PROVIDER",
                                provider,
                                "TRAINING_SECRET",
                                "sk-training",
                                "TRAINING_CA",
                                cert.toString()));
        Process weir =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(weir::destroyForcibly));
        awaitReady(weir);
        for (int round = 0; round < ROUNDS; round++) {
            expect(200, openAi("wk_training", false));
            expect(200, openAi("wk_training", true));
            expect(200, anthropic());
            expect(403, openAi("wk_training_stranger", false));
        }
        expect(200, get("/q/metrics"));
        weir.toHandle().destroy();
        // The cache is written between the end of the program and that of its process.
        if (!weir.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("Weir did not stop");
        }
        return weir.exitValue();
    }

    private void awaitReady(Process weir) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isReady()) {
            if (!weir.isAlive() || System.nanoTime() > end) {
                throw new IOException("Weir did not start");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return http.send(get("/q/health/ready"), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void expect(int status, HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IOException(request + " was answered " + answer + ": " + answer.body());
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + admin + path)).build();
    }

    private HttpRequest openAi(String key, boolean stream) {
        return call("/openai/v1/chat/completions", body("gpt-6-luna", stream))
                .header("authorization", "Bearer " + key)
                .build();
    }

    private HttpRequest anthropic() {
        return call("/anthropic/v1/messages", body("claude-opus-5-5", true))
                .header("x-api-key", "wk_training")
                .header("anthropic-version", "2023-06-01")
                .build();
    }

    /** Both vendors take this. */
    private static String body(String model, boolean stream) {
        return """
        {"model":"%s","max_tokens":20,"stream":%s,"messages":[{"role":"user","content":"Hi"}]}\
        """
                .formatted(model, stream);
    }

    private HttpRequest.Builder call(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://" + calls + path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
