package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * Cohere's errors: {@code {"message"}}, and nothing that names a kind. Its SDKs choose the
 * exception by the status. It documents no rates in headers, and its SDKs read {@code
 * x-ratelimit-reset} as a time of the epoch: so it gets none.
 */
final class CohereDialect implements Dialect {
    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return JsonText.object(json -> {
            json.writeStringField("message", message);
            ErrorJson.weir(json, reason, requestId, violated);
        });
    }

    /** Cohere has no header that names a request to its clients; Weir's own does. */
    @Override
    public String requestIdHeader() {
        return "x-weir-request-id";
    }
}
