package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * Bedrock's errors: {@code {"message"}}, with the exception's name in a header. AWS's SDKs choose
 * their exception by that name, and whether to send again by name and status. Names: botocore
 * 1.44.5, {@code data/bedrock-runtime/2023-09-30/service-2.json}; that of an unknown key is the one
 * that AWS has for all its services.
 */
final class BedrockDialect implements Dialect {
    private static String type(Reason reason) {
        return switch (reason) {
            case RATE_LIMITED, BUDGET_RESERVED -> "ThrottlingException";
            case BUDGET_EXHAUSTED, UNPRICED -> "ServiceQuotaExceededException";
            case UNKNOWN_KEY -> "UnrecognizedClientException";
            case NOT_ALLOWED -> "AccessDeniedException";
            case TOO_LARGE, BAD_REQUEST -> "ValidationException";
            case NO_ROUTE -> "ResourceNotFoundException";
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING -> "ServiceUnavailableException";
            case UPSTREAM_UNAVAILABLE -> "InternalServerException";
            case UPSTREAM_TIMEOUT -> "ModelTimeoutException";
        };
    }

    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return JsonText.object(json -> {
            json.writeStringField("message", message);
            ErrorJson.weir(json, reason, requestId, violated);
        });
    }

    @Override
    public Map<String, String> errorHeaders(Reason reason) {
        return Map.of("x-amzn-ErrorType", type(reason));
    }

    /** In milliseconds: botocore 1.44.5, {@code retries/standard.py}, knows no other header. */
    @Override
    public Map<String, String> retryHeaders(long seconds) {
        return Map.of("x-amz-retry-after", Long.toString(seconds * 1_000));
    }

    @Override
    public String requestIdHeader() {
        return "x-amzn-RequestId";
    }
}
