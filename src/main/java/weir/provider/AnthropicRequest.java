package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * What Anthropic's request bodies say. Shapes: anthropic-python 2.12.0, {@code
 * types/message_create_params.py}, {@code types/beta/message_create_params.py} and the {@code
 * *_source_param.py} and {@code *_tool_*_param.py} in both.
 *
 * <h2>Input beyond the body's bytes</h2>
 *
 * <p>Framing and the schemas of tools are covered by their own JSON, as in {@link OpenAiRequest}.
 * Beyond that:
 *
 * <ul>
 *   <li>a request with tools gets a system prompt for them, 313 to 530 tokens by model in
 *       Anthropic's tool use pages: {@link #TOOLS_TOKENS}
 *   <li>tools whose schema the vendor keeps (bash 245 tokens, text editor 700, computer 735 and 499
 *       of system prompt): {@link #KNOWN_TOOL_TOKENS} each
 *   <li>an image costs by its pixels, not its bytes, about 1,600 tokens at most, with the newest
 *       models' higher resolution about 4,800: {@link #IMAGE_TOKENS}
 *   <li>a PDF is compressed text, and a picture of each page besides: nothing but the context
 *       bounds it
 * </ul>
 *
 * <h2>Terms</h2>
 *
 * <p>{@code speed} and {@code inference_geo} change the price. Without {@code inference_geo} the
 * workspace's default applies, which cannot be seen here; the response names it. {@code
 * service_tier} chooses between capacity that was paid in advance and the standard price, so it is
 * no term.
 */
final class AnthropicRequest {
    static final long TEMPLATE_TOKENS = 500;
    static final long TOOLS_TOKENS = 1_000;
    static final long KNOWN_TOOL_TOKENS = 2_500;
    static final long IMAGE_TOKENS = 5_000;

    /** What has to be left for an answer behind the thinking. */
    static final long ANSWER_TOKENS = 64;

    /** Tools that run in the caller's own program; their types go on with a date. */
    private static final Set<String> CALLERS_TOOLS =
            Set.of("bash", "text_editor", "computer", "memory");

    static final Fields<Request> MESSAGES =
            message(new Fields.Builder<Request>(), "")
                    .on("model", RequestFields.text("model", (r, text) -> r.model = text))
                    .on("stream", RequestFields.flag("stream", r -> r.stream = true))
                    .build();

    private AnthropicRequest() {}

    /**
     * Adds what a message asks for, but for its model and for a stream.
     *
     * @param at where it stands in the document, with a dot at its end
     */
    static Fields.Builder<Request> message(Fields.Builder<Request> fields, String at) {
        return fields.on(at + "max_tokens", RequestFields.cap("max_tokens", 0))
                .on(at + "speed", RequestFields.text("speed", AnthropicRequest::term))
                .on(
                        at + "inference_geo",
                        RequestFields.text("inference_geo", AnthropicRequest::term))
                .on(
                        at + "thread.previous_message_id",
                        RequestFields.present(r -> r.unseenInput = true))
                .on(at + "container", RequestFields.present(r -> r.unseenInput = true))
                .on(at + "mcp_servers[]", RequestFields.present(r -> r.serverTools = true))
                .on(at + "fallbacks", AnthropicRequest::fallbacks)
                .on(
                        at + "fallbacks[].model",
                        RequestFields.text("fallbacks[].model", Request::otherModel))
                .on(at + "fallbacks[].max_tokens", RequestFields.cap("fallbacks[].max_tokens", 0))
                .on(
                        at + "fallbacks[].speed",
                        RequestFields.text("fallbacks[].speed", AnthropicRequest::term))
                .on(at + "context_management.edits[].type", AnthropicRequest::edit)
                .on(at + "thinking", RequestFields.present(r -> r.thinks = true))
                .on(at + "thinking.type", RequestFields.word("disabled", r -> r.thinks = false))
                .on(at + "thinking.budget_tokens", AnthropicRequest::thinkingBudget)
                .on(at + "output_format", RequestFields.present(r -> r.structured = true))
                .on(at + "output_config.format", RequestFields.present(r -> r.structured = true))
                .on(at + "tools[]", RequestFields.present(r -> r.hasTools = true))
                .on(at + "tools[].type", AnthropicRequest::tool)
                .on(at + "tools[].model", RequestFields.text("tools[].model", Request::otherModel))
                .on(at + "messages.**.source.type", AnthropicRequest::source)
                .on(at + "messages.**.source.media_type", AnthropicRequest::media)
                .on(at + "messages.**.file_id", RequestFields.present(r -> r.unseenInput = true))
                .closed(at + "messages.**.input");
    }

    static PeekResult peek(byte[] body) {
        return Request.peek(MESSAGES, body, "max_tokens", r -> r.extraInputTokens += template(r));
    }

    /** What does not stand in the body, of a request that is read to its end. */
    static long template(Request request) {
        long each = TEMPLATE_TOKENS + (request.hasTools ? TOOLS_TOKENS : 0);
        return request.requests * each + request.images * IMAGE_TOKENS;
    }

    /** The API demands a larger {@code max_tokens}, and the answer comes on top. */
    static void thinkingBudget(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        long tokens = Json.count(token, parser);
        if (tokens >= 0) {
            request.leastCap = Math.min(tokens, Request.MAX_CAP) + ANSWER_TOKENS;
        }
    }

    private static void term(Request request, String word) {
        if (!word.equals("standard")) {
            request.term(word);
        }
    }

    /**
     * A list of models, or {@code "default"}: then the vendor chooses, and no price can be told.
     */
    private static void fallbacks(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            request.otherModel(Peek.ANY);
        } else if (token != JsonToken.START_ARRAY && token != JsonToken.VALUE_NULL) {
            request.wrong("fallbacks", "an array, \"default\" or null", token);
        }
    }

    /** A compaction is one more call inside the request, over the whole context. */
    private static void edit(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        request.serverTools |=
                token == JsonToken.VALUE_STRING && parser.getText().startsWith("compact");
    }

    private static void tool(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "custom";
        int date = type.lastIndexOf('_');
        if (CALLERS_TOOLS.contains(date < 0 ? type : type.substring(0, date))) {
            request.extraInputTokens += KNOWN_TOOL_TOKENS;
        } else {
            request.serverTools |= !type.equals("custom");
        }
    }

    private static void source(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        switch (type) {
            case "base64", "text", "content" -> {}
            default -> request.unseenInput = true;
        }
    }

    private static void media(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        request.images += type.startsWith("image/") ? 1 : 0;
        request.unseenInput |= type.equals("application/pdf");
    }
}
