package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/** A batch as an application runs it with OpenAI's SDK: four kinds of calls, and one charge. */
final class BatchSdkTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${BATCHES}"
                account-calls: allow
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers: { keys: [{ name: app, tenant: shop, sha256: "${app}" }] }
            limits: [{ name: purse, per: [tenant], spend: 1 USD/total }]
            """;
    private static final String FILE =
            """
            {"id":"file-in","object":"file","bytes":1,"created_at":1,"filename":"requests.jsonl",\
            "purpose":"batch","status":"processed"}\
            """;
    private static final String ANSWER =
            """
            {"custom_id":"%d","response":{"status_code":200,"body":{"model":"gpt-4.1",\
            "usage":{"prompt_tokens":100,"completion_tokens":50}}},"error":null}
            """;

    private final World world = new World();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile String sent = "";

    @AfterEach
    void stop() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        assertEquals("Bearer " + World.SECRET, request.getHeader("authorization"));
        request.body()
                .onSuccess(body ->
                        request.response()
                                .putHeader("content-type", "application/json")
                                .end(answer(request, body)));
    }

    private String answer(HttpServerRequest request, Buffer body) {
        boolean post = request.method().equals(HttpMethod.POST);
        return switch (request.path()) {
            case "/v1/files" -> {
                String form = body.toString();
                int from = form.indexOf("{\"custom_id\"");
                sent = form.substring(from, form.indexOf("\r\n--", from));
                yield FILE;
            }
            case "/v1/files/file-in/content" -> sent;
            case "/v1/files/file-out/content" -> ANSWER.formatted(0) + ANSWER.formatted(1);
            default -> batch(post || questions.incrementAndGet() < 3 ? "in_progress" : "completed");
        };
    }

    private static String batch(String status) {
        return """
        {"id":"batch_1","object":"batch","status":"%s","endpoint":"/v1/chat/completions",\
        "input_file_id":"file-in","output_file_id":"file-out","completion_window":"24h",\
        "created_at":1}\
        """
                .formatted(status);
    }

    /** Two answers of 100 and 50 tokens, at half of 2 and 8 USD a million. */
    @Test
    void aBatchIsChargedOnceWhenItIsOver() {
        world.serve("BATCHES", this::answer);
        World.Weir weir = world.keys("app").weir(YAML);
        Outcomes outcomes =
                new Outcomes()
                        .plan(
                                "app",
                                new Target(Sdk.OPENAI, weir.url() + "/openai", "wk_app")
                                        .with("--model", "gpt-4.1"),
                                "batch")
                        .run(PythonSdks.installed());
        JsonObject done = outcomes.ok("app/batch");
        assertEquals("completed", done.getString("status"));
        assertEquals(2, done.getInteger("answers"));
        String job = weir.nextEvent("job");
        assertTrue(job.contains("\"cost_nano_usd\":600000,"), job);
        assertFalse(job.contains("estimated"), job);
    }
}
