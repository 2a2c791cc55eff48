package weir.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
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
 *
 * <p>Mistral writes the same without the object around it, xAI only {@code {"code","error"}}. What
 * the headers of a limit are called differs more than errors do.
 */
final class OpenAiDialect implements Dialect {
    /** How an error is written. */
    enum Shape {
        NESTED,
        FLAT,
        STRING
    }

    /**
     * The headers of a limit, with {@code %s} for limit, remaining and reset; empty where the
     * vendor has none.
     *
     * @param goDurations whether times are written as Go does, and not in whole seconds
     */
    record Names(String requests, String tokens, boolean goDurations) {}

    static final Names OPENAI = new Names("x-ratelimit-%s-requests", "x-ratelimit-%s-tokens", true);

    private record Kind(String type, String code) {}

    private final Shape shape;
    private final Names names;

    OpenAiDialect() {
        this(Shape.NESTED, OPENAI);
    }

    OpenAiDialect(Shape shape, Names names) {
        this.shape = shape;
        this.names = names;
    }

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
            switch (shape) {
                case NESTED -> {
                    json.writeObjectFieldStart("error");
                    write(json, message, kind);
                    ErrorJson.weir(json, reason, requestId, violated);
                    json.writeEndObject();
                }
                case FLAT -> {
                    json.writeStringField("object", "error");
                    write(json, message, kind);
                    ErrorJson.weir(json, reason, requestId, violated);
                }
                case STRING -> {
                    json.writeStringField("code", kind.code());
                    json.writeStringField("error", message);
                    ErrorJson.weir(json, reason, requestId, violated);
                }
            }
        });
    }

    private static void write(JsonGenerator json, String message, Kind kind) throws IOException {
        json.writeStringField("message", message);
        json.writeStringField("type", kind.type());
        json.writeNullField("param");
        json.writeStringField("code", kind.code());
    }

    /** Shape: openai-python 3.54.0, {@code types/realtime/realtime_error_event.py}. */
    @Override
    public Buffer errorEvent(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return JsonText.object(json -> {
            json.writeStringField("type", "error");
            json.writeStringField("event_id", "event_" + requestId);
            json.writeObjectFieldStart("error");
            write(json, message, kind(reason));
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
        add(headers, names.requests(), standings, Set.of(Unit.REQUESTS));
        add(
                headers,
                names.tokens(),
                standings,
                Set.of(Unit.TOKENS, Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS));
        return headers;
    }

    private void add(
            Map<String, String> headers, String name, List<Standing> standings, Set<Unit> units) {
        if (name.isEmpty()) {
            return;
        }
        Tightest.of(standings, units)
                .ifPresent(standing -> {
                    headers.put(name.replace("%s", "limit"), Long.toString(standing.limit()));
                    headers.put(name.replace("%s", "remaining"), Long.toString(standing.left()));
                    headers.put(name.replace("%s", "reset"), reset(standing.resetMillis()));
                });
    }

    private String reset(long millis) {
        return names.goDurations()
                ? goDuration(millis)
                : Long.toString(Math.ceilDiv(millis, 1_000));
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
