package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * Google's errors: {@code {"error":{"code","message","status","details"}}}, where the code repeats
 * the answer's own status and the status is a word of google.rpc.Code. Its clients read how long to
 * wait from a {@code RetryInfo} among the details, since there is no header for it.
 */
final class GeminiDialect implements Dialect {
    /** An error's code and its word. */
    private record Kind(int code, String status) {}

    private static Kind kind(Reason reason) {
        return switch (reason) {
            case RATE_LIMITED, BUDGET_RESERVED -> new Kind(429, "RESOURCE_EXHAUSTED");
            case BUDGET_EXHAUSTED, UNPRICED -> new Kind(402, "RESOURCE_EXHAUSTED");
            case UNKNOWN_KEY -> new Kind(401, "UNAUTHENTICATED");
            case NOT_ALLOWED -> new Kind(403, "PERMISSION_DENIED");
            case TOO_LARGE -> new Kind(413, "INVALID_ARGUMENT");
            case BAD_REQUEST -> new Kind(400, "INVALID_ARGUMENT");
            case NO_ROUTE -> new Kind(404, "NOT_FOUND");
            case UPSTREAM_UNAVAILABLE -> new Kind(502, "UNAVAILABLE");
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING -> new Kind(503, "UNAVAILABLE");
            case UPSTREAM_TIMEOUT -> new Kind(504, "DEADLINE_EXCEEDED");
        };
    }

    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        Kind kind = kind(reason);
        long waitMillis = Standing.longestWaitMillis(violated);
        return JsonText.object(json -> {
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", kind.code());
            json.writeStringField("message", message);
            json.writeStringField("status", kind.status());
            if (kind.code() == 429 && waitMillis > 0) {
                json.writeArrayFieldStart("details");
                json.writeStartObject();
                json.writeStringField("@type", "type.googleapis.com/google.rpc.RetryInfo");
                json.writeStringField("retryDelay", Math.ceilDiv(waitMillis, 1_000) + "s");
                json.writeEndObject();
                json.writeEndArray();
            }
            ErrorJson.weir(json, reason, requestId, violated);
            json.writeEndObject();
        });
    }

    /** Google has no header that names a request to its clients; Weir's own does. */
    @Override
    public String requestIdHeader() {
        return "x-weir-request-id";
    }
}
