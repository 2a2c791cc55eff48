package loadtest;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Anthropic's answers. The shapes are those that the official Python SDK's types demand ({@code
 * anthropic} 2.12.0, checked by its strict response validation). Cache figures come on top of the
 * input; the split of cache writes, the tier, the speed and the place stand in {@code
 * message_start} only.
 */
final class AnthropicAnswers {
    private static final Template MESSAGE =
            Template.of(
                    """
                    {"id":"$id","type":"message","role":"assistant","model":$model,"content":[$content],
                    "stop_reason":$reason,"stop_sequence":null$usage}\
                    """);
    private static final Template USAGE =
            Template.of(
                    """
                    {"input_tokens":$in,"cache_creation_input_tokens":$write,
                    "cache_read_input_tokens":$cached,
                    "cache_creation":{"ephemeral_5m_input_tokens":$short,"ephemeral_1h_input_tokens":$long},
                    "output_tokens":$out$thinking,"service_tier":"$tier"$speed$geo$tools}\
                    """);
    private static final Template DELTA_USAGE =
            Template.of(
                    """
                    {"input_tokens":$in,"cache_creation_input_tokens":$write,
                    "cache_read_input_tokens":$cached,
                    "output_tokens":$out$thinking$tools}\
                    """);
    private static final Template THINKING =
            Template.of(
                    """
                    ,"output_tokens_details":{"thinking_tokens":$thinking}\
                    """);
    private static final Template TOOLS =
            Template.of(
                    """
                    ,"server_tool_use":{"web_search_requests":$searches,"web_fetch_requests":$fetches}\
                    """);
    private static final Template START =
            Template.of(
                    """
                    {"type":"message_start","message":$message}\
                    """);
    private static final Template DELTA =
            Template.of(
                    """
                    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":$text}}\
                    """);
    private static final Template MESSAGE_DELTA =
            Template.of(
                    """
                    {"type":"message_delta","delta":{"stop_reason":"$reason",
                    "stop_sequence":null}$usage}\
                    """);
    private static final Template ERROR =
            Template.of(
                    """
                    {"type":"error","error":{"type":"$type","message":$message,"details":null},
                    "request_id":"$request"}\
                    """);
    private static final Template MODEL =
            Template.of(
                    """
                    {"type":"model","id":"$id","display_name":"$name","created_at":"2026-10-14T00:00:00Z",
                    "lifecycle":"active"}\
                    """);
    private static final Template MODELS =
            Template.of(
                    """
                    {"data":[$models],"first_id":"claude-fable-5-2","last_id":"claude-haiku-5-5",
                    "has_more":false}\
                    """);
    private static final Template COUNT =
            Template.of(
                    """
                    {"input_tokens":$in}\
                    """);
    private static final String BLOCK_START =
            event(
                    "content_block_start",
                    """
                    {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\
                    """);
    private static final String PING = event("ping", "{\"type\":\"ping\"}");
    private static final String BLOCK_STOP =
            event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
    private static final String STOP = event("message_stop", "{\"type\":\"message_stop\"}");

    private AnthropicAnswers() {}

    static Answer message(Order order) {
        Text text = order.text();
        Tally tally = new Tally(order.script(), order.ask().inputTokens(), text.tokens());
        if (order.ask().stream()) {
            return stream(order, text, tally);
        }
        String content = "{\"type\":\"text\",\"text\":" + Answer.quoted(text) + "}";
        long output = tally.of(Figure.OUTPUT);
        String reason = '"' + reason(text) + '"';
        String json = message(order, content, reason, usage(order, tally, output));
        return Answer.plain(json, text, order.script());
    }

    private static Answer stream(Order order, Text text, Tally tally) {
        String begun = message(order, "", "null", usage(order, tally, 1));
        String usage = tally.hidden() ? ",\"usage\":{\"output_tokens\":0}" : deltaUsage(tally);
        return Answer.events(
                List.of(event("message_start", START.fill(begun)), BLOCK_START, PING),
                order.breaksOff() ? text.pieces() / 2 : text.pieces(),
                i -> event("content_block_delta", DELTA.fill(Template.quote(text.piece(i)))),
                order.breaksOff()
                        ? List.of(event("error", error(529, "Overloaded", "", order.id("req_"))))
                        : List.of(
                                BLOCK_STOP,
                                event("message_delta", MESSAGE_DELTA.fill(reason(text), usage)),
                                STOP));
    }

    private static String message(Order order, String content, String reason, String usage) {
        return MESSAGE.fill(order.id("msg_"), order.model(), content, reason, usage);
    }

    private static String reason(Text text) {
        return text.capped() ? "max_tokens" : "end_turn";
    }

    private static String usage(Order order, Tally tally, long output) {
        if (tally.hidden()) {
            return "";
        }
        Script script = order.script();
        String speed = script.text(Word.SPEED, "");
        String geo = script.text(Word.GEO, "");
        long write = tally.of(Figure.CACHE_WRITE);
        long writeHour = tally.of(Figure.CACHE_WRITE_1H);
        String usage =
                USAGE.fill(
                        tally.of(Figure.INPUT),
                        write + writeHour,
                        tally.of(Figure.CACHED),
                        write,
                        writeHour,
                        output,
                        thinking(tally),
                        script.text(Word.TIER, "standard"),
                        speed.isEmpty() ? "" : ",\"speed\":\"" + speed + '"',
                        geo.isEmpty() ? "" : ",\"inference_geo\":\"" + geo + '"',
                        tools(tally));
        return ",\"usage\":" + usage;
    }

    private static String deltaUsage(Tally tally) {
        String usage =
                DELTA_USAGE.fill(
                        tally.of(Figure.INPUT),
                        tally.of(Figure.CACHE_WRITE) + tally.of(Figure.CACHE_WRITE_1H),
                        tally.of(Figure.CACHED),
                        tally.of(Figure.OUTPUT),
                        thinking(tally),
                        tools(tally));
        return ",\"usage\":" + usage;
    }

    private static String thinking(Tally tally) {
        long thinking = tally.of(Figure.REASONING);
        return thinking == 0 ? "" : THINKING.fill(thinking);
    }

    private static String tools(Tally tally) {
        long searches = tally.of(Figure.WEB_SEARCHES);
        long fetches = tally.of(Figure.WEB_FETCHES);
        return searches + fetches == 0 ? "" : TOOLS.fill(searches, fetches);
    }

    static Answer countTokens(Order order) {
        Tally tally = new Tally(order.script(), order.ask().inputTokens(), 0);
        return Answer.plain(COUNT.fill(tally.of(Figure.INPUT)), order.text(), order.script());
    }

    static Answer models(Order order) {
        String models =
                List.of("claude-fable-5-2", "claude-opus-5-5", "claude-haiku-5-5").stream()
                        .map(id -> MODEL.fill(id, id))
                        .collect(Collectors.joining(","));
        return Answer.plain(MODELS.fill(models), order.text(), order.script());
    }

    /** An error body; the vendor's usual word for the status, unless the script has another. */
    static String error(int status, String message, String code, String requestId) {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 402 -> "billing_error";
                    case 403 -> "permission_error";
                    case 404 -> "not_found_error";
                    case 413 -> "request_too_large";
                    case 429 -> "rate_limit_error";
                    case 504 -> "timeout_error";
                    case 529 -> "overloaded_error";
                    default -> status >= 500 ? "api_error" : "invalid_request_error";
                };
        return ERROR.fill(code.isEmpty() ? type : code, Template.quote(message), requestId);
    }

    private static String event(String name, String json) {
        return "event: " + name + "\ndata: " + json.strip() + "\n\n";
    }
}
