package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * Anthropic's errors: {@code {"type":"error","error":{"type","message","details"},"request_id"}}.
 * Its SDKs choose the exception by the status; the types are those of anthropic-python 2.12.0,
 * {@code types/shared/error_type.py}, and {@code request_too_large} of the errors page.
 */
final class AnthropicDialect implements Dialect {
    private static final Map<String, Unit> HEADERS = headers();

    private static Map<String, Unit> headers() {
        Map<String, Unit> headers = new LinkedHashMap<>();
        for (Unit unit :
                List.of(Unit.REQUESTS, Unit.TOKENS, Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS)) {
            headers.put("anthropic-ratelimit-" + unit.word(), unit);
        }
        return headers;
    }

    private static String type(Reason reason) {
        return switch (reason) {
            case RATE_LIMITED, BUDGET_RESERVED -> "rate_limit_error";
            case BUDGET_EXHAUSTED, UNPRICED -> "billing_error";
            case UNKNOWN_KEY -> "authentication_error";
            case NOT_ALLOWED -> "permission_error";
            case TOO_LARGE -> "request_too_large";
            case BAD_REQUEST -> "invalid_request_error";
            case NO_ROUTE -> "not_found_error";
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING -> "overloaded_error";
            case UPSTREAM_UNAVAILABLE -> "api_error";
            case UPSTREAM_TIMEOUT -> "timeout_error";
        };
    }

    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return JsonText.object(json -> {
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(reason));
            json.writeStringField("message", message);
            json.writeNullField("details");
            ErrorJson.weir(json, reason, requestId, violated);
            json.writeEndObject();
            json.writeStringField("request_id", requestId);
        });
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public Map<String, String> rateLimitHeaders(List<Standing> standings, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        HEADERS.forEach((name, unit) ->
                Tightest.of(standings, Set.of(unit))
                        .ifPresent(standing -> {
                            headers.put(name + "-limit", Long.toString(standing.limit()));
                            headers.put(name + "-remaining", Long.toString(standing.left()));
                            headers.put(
                                    name + "-reset",
                                    wholeSecond(now.plusMillis(standing.resetMillis())).toString());
                        }));
        return headers;
    }

    /** Up to the next second, so that who comes back then does not come too early. */
    private static Instant wholeSecond(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
