package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * OpenAI's errors: {@code {"error":{"message","type","param","code"}}}. Its SDKs choose the
 * exception by the status and show type and code, which follow the vendor's own where it has them.
 */
final class OpenAiDialect implements Dialect {
    private record Kind(String type, String code) {}

    private static Kind kind(Reason reason) {
        return switch (reason) {
            case RATE_LIMITED -> new Kind("rate_limit_error", "rate_limit_exceeded");
            case BUDGET_RESERVED -> new Kind("rate_limit_error", reason.word());
            case BUDGET_EXHAUSTED -> new Kind("insufficient_quota", "insufficient_quota");
            case UNPRICED -> new Kind("insufficient_quota", reason.word());
            case UNKNOWN_KEY -> new Kind("invalid_request_error", "invalid_api_key");
            case NOT_ALLOWED -> new Kind("permission_error", reason.word());
            case TOO_LARGE, BAD_REQUEST -> new Kind("invalid_request_error", reason.word());
            case NO_ROUTE -> new Kind("invalid_request_error", "unknown_url");
            case OVERLOADED, LEDGER_UNAVAILABLE, DRAINING ->
                    new Kind("service_unavailable_error", reason.word());
            case UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT -> new Kind("server_error", reason.word());
        };
    }

    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        Kind kind = kind(reason);
        return JsonText.object(json -> {
            json.writeObjectFieldStart("error");
            json.writeStringField("message", message);
            json.writeStringField("type", kind.type());
            json.writeNullField("param");
            json.writeStringField("code", kind.code());
            ErrorJson.weir(json, reason, requestId, violated);
            json.writeEndObject();
        });
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public Map<String, String> rateLimitHeaders(List<Standing> standings, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        add(headers, "requests", standings, Set.of(Unit.REQUESTS));
        add(
                headers,
                "tokens",
                standings,
                Set.of(Unit.TOKENS, Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS));
        return headers;
    }

    private static void add(
            Map<String, String> headers, String what, List<Standing> standings, Set<Unit> units) {
        Tightest.of(standings, units)
                .ifPresent(standing -> {
                    headers.put("x-ratelimit-limit-" + what, Long.toString(standing.limit()));
                    headers.put("x-ratelimit-remaining-" + what, Long.toString(standing.left()));
                    headers.put("x-ratelimit-reset-" + what, goDuration(standing.resetMillis()));
                });
    }

    /**
     * As Go prints durations, which is what OpenAI sends: {@code 12ms}, {@code 1.5s}, {@code 6m0s}.
     */
    static String goDuration(long millis) {
        Duration left = Duration.ofMillis(millis);
        if (millis > 0 && millis < 1000) {
            return millis + "ms";
        }
        String hours = left.toHours() > 0 ? left.toHours() + "h" : "";
        String minutes = left.toMinutes() > 0 ? left.toMinutesPart() + "m" : "";
        String fraction = left.toMillisPart() == 0 ? "" : fraction(left.toMillisPart());
        return hours + minutes + left.toSecondsPart() + fraction + "s";
    }

    private static String fraction(int millis) {
        String digits = Integer.toString(1000 + millis).substring(1);
        return "." + digits.replaceAll("0+$", "");
    }
}
