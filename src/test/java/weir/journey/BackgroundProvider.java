package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes background responses, which go on for as long as a test likes. */
public final class BackgroundProvider implements Handler<HttpServerRequest> {
    /**
     * Costs at most 8,000 millionths of a dollar for its output, and some two hundred for input.
     */
    public static final String CREATE =
            "{\"model\":\"gpt-4.1\",\"input\":\"hi\",\"background\":true,\"max_output_tokens\":1000}";

    public static final String PATH = "/openai/v1/responses";

    /** Method and path of every request. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    /** How the work stands; once completed it has cost 600 millionths of a dollar. */
    public volatile String status = "in_progress";

    /** To questions about it. */
    volatile int answer = 200;

    @Override
    public void handle(HttpServerRequest request) {
        assertEquals("Bearer " + World.SECRET, request.getHeader("authorization"));
        assertTrue(request.getHeader("host").startsWith("127.0.0.1:"), request.getHeader("host"));
        boolean create = request.method().equals(HttpMethod.POST);
        String now = create ? "queued" : status;
        String usage =
                now.equals("completed") ? "{\"input_tokens\":100,\"output_tokens\":50}" : "null";
        seen.add(request.method() + " " + request.uri());
        request.response()
                .setStatusCode(create ? 200 : answer)
                .putHeader("content-type", "application/json")
                .end(
                        """
                        {"id":"resp_1","status":"%s","model":"gpt-4.1","output":[],"usage":%s}\
                        """
                                .formatted(now, usage));
    }
}
