package weir.sdk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import weir.key.Proof;
import weir.provider.AwsFrames;
import weir.provider.AwsSignatures;

/**
 * Bedrock as its service model has it: checks path, host and credential of what reaches it, and
 * answers one short sentence. The header {@code x-sim} asks for something else: {@code throttled},
 * {@code quota}, {@code exception} inside a stream, {@code cut}.
 */
final class SimulatedBedrock {
    static final Proof.AwsKeys KEYS = AwsSignatures.keys("AKIDSIMULATED0000", "simulated-secret");
    static final String API_KEY = "ABSK-simulated";
    static final String TEXT = "A weir holds water back.";
    static final String USAGE = "{\"inputTokens\":7,\"outputTokens\":16,\"totalTokens\":23}";

    private static final String JSON = "application/json";
    private static final String EVENTS = "application/vnd.amazon.eventstream";
    private static final Set<String> PATHS =
            Set.of(
                    "/model/us.amazon.nova-lite-v1%3A0/",
                    "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile"
                            + "%2Fus.amazon.nova-lite-v1%3A0/",
                    "/model/us.anthropic.claude-haiku-5-5/");
    private static final List<String> CLAUDE_STREAM =
            List.of(
                    "{\"type\":\"message_start\",\"message\":{\"role\":\"assistant\",\"content\":[],"
                            + "\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                            + "\"text_delta\",\"text\":\""
                            + TEXT
                            + "\"}}",
                    "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":"
                            + "{\"inputTokenCount\":7,\"outputTokenCount\":16}}");

    private final HttpServer server;

    /** What was wrong with requests; empty where all were as they should be. */
    final Set<String> complaints = new CopyOnWriteArraySet<>();

    private SimulatedBedrock(HttpServer server) {
        this.server = server;
    }

    static Future<SimulatedBedrock> start(Vertx vertx) {
        HttpServer server = vertx.createHttpServer();
        SimulatedBedrock bedrock = new SimulatedBedrock(server);
        return server.requestHandler(
                        request -> request.body().onSuccess(b -> bedrock.take(request, b)))
                .listen(0, "127.0.0.1")
                .map(bedrock);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private void take(HttpServerRequest request, Buffer body) {
        String path = request.path();
        String operation = path.substring(path.lastIndexOf('/') + 1);
        check(request, body, path.substring(0, path.lastIndexOf('/') + 1));
        HttpServerResponse to = request.response().putHeader("x-amzn-RequestId", "sim-1");
        String sim = String.valueOf(request.getHeader("x-sim"));
        switch (sim) {
            case "throttled" -> error(to.setStatusCode(429), "ThrottlingException");
            case "quota" -> error(to.setStatusCode(400), "ServiceQuotaExceededException");
            case "broken" -> error(to.setStatusCode(500), "InternalServerException");
            default -> answer(to, operation, sim, request.path().contains("anthropic"));
        }
    }

    private void check(HttpServerRequest request, Buffer body, String model) {
        boolean bearer = ("Bearer " + API_KEY).equals(request.getHeader("authorization"));
        if (!bearer && !AwsSignatures.isValid(request, body, KEYS)) {
            complaints.add("credential: " + request.headers().getAll("authorization"));
        }
        if (!PATHS.contains(model) || request.query() != null) {
            complaints.add("target: " + request.uri());
        }
        if (!url().equals("http://" + request.getHeader("host"))) {
            complaints.add("host: " + request.getHeader("host"));
        }
        if (request.headers().toString().contains("wk_")) {
            complaints.add("a virtual key: " + request.headers());
        }
        new JsonObject(body);
    }

    private static void error(HttpServerResponse to, String type) {
        to.putHeader("content-type", JSON)
                .putHeader("x-amzn-ErrorType", type + ":http://internal.amazon.com/coral/")
                .end("{\"message\":\"simulated\"}");
    }

    private static void answer(
            HttpServerResponse to, String operation, String sim, boolean claude) {
        switch (operation) {
            case "converse" ->
                    to.putHeader("content-type", JSON)
                            .end(
                                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{"
                                            + "\"text\":\"%s\"}]}},\"stopReason\":\"end_turn\","
                                                    .formatted(TEXT)
                                            + "\"usage\":%s,\"metrics\":{\"latencyMs\":9}}"
                                                    .formatted(USAGE));
            case "invoke" ->
                    to.putHeader("content-type", JSON)
                            .putHeader("X-Amzn-Bedrock-Input-Token-Count", "7")
                            .putHeader("X-Amzn-Bedrock-Output-Token-Count", "16")
                            .end(
                                    "{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}"
                                            .formatted(TEXT));
            case "count-tokens" -> to.putHeader("content-type", JSON).end("{\"inputTokens\":7}");
            default -> stream(to.putHeader("content-type", EVENTS).setChunked(true), sim, claude);
        }
    }

    private static void stream(HttpServerResponse to, String sim, boolean claude) {
        if (claude) {
            for (String json : CLAUDE_STREAM) {
                String bytes =
                        Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
                to.write(AwsFrames.event("chunk", "{\"bytes\":\"" + bytes + "\",\"p\":\"ab\"}"));
            }
            to.end();
            return;
        }
        to.write(AwsFrames.event("messageStart", "{\"role\":\"assistant\"}"));
        String delta = "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + TEXT + "\"}}";
        to.write(AwsFrames.event("contentBlockDelta", delta));
        if (sim.equals("exception")) {
            to.end(AwsFrames.exception("throttlingException", "{\"message\":\"too much\"}"));
            return;
        }
        to.write(AwsFrames.event("contentBlockStop", "{\"contentBlockIndex\":0}"));
        to.write(AwsFrames.event("messageStop", "{\"stopReason\":\"end_turn\"}"));
        to.end(
                AwsFrames.event(
                        "metadata", "{\"usage\":" + USAGE + ",\"metrics\":{\"latencyMs\":9}}"));
    }
}
