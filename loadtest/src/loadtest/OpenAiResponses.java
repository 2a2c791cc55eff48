package loadtest;

import java.util.List;

/**
 * OpenAI's Responses API. Its streams number their events; the last one, {@code
 * response.completed}, {@code .incomplete} (the cap was reached) or {@code .failed}, holds the
 * whole response and its usage.
 */
final class OpenAiResponses {
    private static final Template RESPONSE =
            Template.of(
                    """
                    {"id":"$id","object":"response","created_at":$created,"status":"$status",
                    "background":false,
                    "error":$error,"incomplete_details":$details,"instructions":null,
                    "max_output_tokens":null,
                    "model":$model,"output":[$output],"parallel_tool_calls":true,
                    "previous_response_id":null,
                    "reasoning":{"effort":null,"summary":null},"service_tier":"$tier","store":true,
                    "temperature":1.0,
                    "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,
                    "truncation":"disabled",$tools"usage":$usage,"user":null,"metadata":{}}\
                    """);
    private static final Template ITEM =
            Template.of(
                    """
                    {"id":"$id","type":"message","status":"$status","role":"assistant",
                    "content":[$content]}\
                    """);
    private static final Template PART =
            Template.of(
                    """
                    {"type":"output_text","annotations":[],"logprobs":[],"text":$text}\
                    """);
    private static final Template USAGE =
            Template.of(
                    """
                    {"input_tokens":$in,"input_tokens_details":{"cached_tokens":$cached,
                    "cache_write_tokens":$write,
                    "cache_write_tokens_details":{"ttl_30m_tokens":$short,"ttl_12h_tokens":$long}},
                    "output_tokens":$out,"output_tokens_details":{"reasoning_tokens":$reasoning},
                    "total_tokens":$total}\
                    """);

    /** Beside the usage, not inside it: searches are billed apart. */
    private static final Template TOOL_USAGE =
            Template.of(
                    """
                    "tool_usage":{"image_gen":{"input_tokens":0,
                    "input_tokens_details":{"image_tokens":0,"text_tokens":0},"output_tokens":0,
                    "total_tokens":0},
                    "web_search":{"num_requests":$searches}},\
                    """);

    private static final Template WHOLE =
            Template.of(
                    """
                    "response":$response\
                    """);
    private static final Template ITEM_ADDED =
            Template.of(
                    """
                    "output_index":0,"item":$item\
                    """);
    private static final Template IN_PART =
            Template.of(
                    """
                    "item_id":"$id","output_index":0,"content_index":0,$content\
                    """);
    private static final Template EVENT =
            Template.of(
                    """
                    {"type":"$type","sequence_number":$seq,$content}\
                    """);
    private static final String NO_LOGPROBS = ",\"logprobs\":[]";
    private static final String FAILURE =
            "\"code\":\"server_error\",\"param\":null,\"message\":\"The server had an error\"";

    private final Order order;
    private final Text text;
    private final Tally tally;

    private OpenAiResponses(Order order) {
        this.order = order;
        this.text = order.text();
        this.tally = new Tally(order.script(), order.ask().inputTokens(), text.tokens());
    }

    static Answer answer(Order order) {
        OpenAiResponses responses = new OpenAiResponses(order);
        if (order.ask().stream()) {
            return responses.stream();
        }
        String quoted = Answer.quoted(responses.text);
        return Answer.plain(responses.ended(quoted), responses.text, order.script());
    }

    private Answer stream() {
        String id = order.id("msg_");
        String begun = response("in_progress", "", "null");
        List<String> head =
                List.of(
                        event("response.created", 0, WHOLE.fill(begun)),
                        event("response.in_progress", 1, WHOLE.fill(begun)),
                        event(
                                "response.output_item.added",
                                2,
                                ITEM_ADDED.fill(ITEM.fill(id, "in_progress", ""))),
                        event("response.content_part.added", 3, part("\"\"")));
        int first = head.size();
        int count = order.breaksOff() ? text.pieces() / 2 : text.pieces();
        return Answer.events(
                head,
                count,
                i ->
                        event(
                                "response.output_text.delta",
                                first + i,
                                inPart("\"delta\":" + Template.quote(text.piece(i)) + NO_LOGPROBS)),
                order.breaksOff()
                        ? List.of(event("error", first + count, FAILURE))
                        : tail(first + count));
    }

    private List<String> tail(int seq) {
        String quoted = Template.quote(text.whole());
        return List.of(
                event("response.output_text.done", seq, inPart("\"text\":" + quoted + NO_LOGPROBS)),
                event("response.content_part.done", seq + 1, part(quoted)),
                event("response.output_item.done", seq + 2, ITEM_ADDED.fill(item(quoted))),
                event("response." + status(), seq + 3, WHOLE.fill(ended(quoted))));
    }

    private String part(String quoted) {
        return inPart("\"part\":" + PART.fill(quoted));
    }

    private String inPart(String content) {
        return IN_PART.fill(order.id("msg_"), content);
    }

    private String status() {
        if (order.script().has(Word.FAILED)) {
            return "failed";
        }
        return text.capped() ? "incomplete" : "completed";
    }

    private String item(String quoted) {
        String status = status().equals("completed") ? "completed" : "incomplete";
        return ITEM.fill(order.id("msg_"), status, PART.fill(quoted));
    }

    private String ended(String quoted) {
        return response(status(), item(quoted), tally.hidden() ? "null" : usage());
    }

    private String response(String status, String output, String usage) {
        long searches = tally.of(Figure.WEB_SEARCHES);
        return RESPONSE.fill(
                order.id("resp_"),
                OpenAiAnswers.CREATED,
                status,
                status.equals("failed")
                        ? "{\"code\":\"server_error\",\"message\":\"The model failed to answer\"}"
                        : "null",
                status.equals("incomplete") ? "{\"reason\":\"max_output_tokens\"}" : "null",
                order.model(),
                output,
                OpenAiAnswers.tier(order),
                searches > 0 ? TOOL_USAGE.fill(searches) : "",
                usage);
    }

    private String usage() {
        long write = tally.of(Figure.CACHE_WRITE);
        long writeLong = tally.of(Figure.CACHE_WRITE_1H);
        return USAGE.fill(
                tally.of(Figure.INPUT),
                tally.of(Figure.CACHED),
                write + writeLong,
                write,
                writeLong,
                tally.of(Figure.OUTPUT),
                tally.of(Figure.REASONING),
                tally.total());
    }

    private static String event(String name, int seq, String content) {
        return "event: " + name + "\ndata: " + EVENT.fill(name, seq, content) + "\n\n";
    }
}
