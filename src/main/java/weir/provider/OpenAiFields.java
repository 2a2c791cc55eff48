package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Where answers in OpenAI's dialect say what they used. Shapes: openai-python 3.54.0, {@code
 * types/completion_usage.py}, {@code types/chat/chat_completion_chunk.py}, {@code
 * types/create_embedding_response.py}, {@code types/responses/response_usage.py} and {@code
 * response.py}, {@code types/images_response.py} and {@code image_gen_completed_event.py};
 * mistralai 3.7.0, {@code models/conversationusageinfo.py} and {@code ocrusageinfo.py}.
 */
final class OpenAiFields {
    private OpenAiFields() {}

    /** A builder, so that a vendor can add what it says beside. */
    static Fields.Builder<OpenAiUsage> of(OpenAiUsage.Shape shape) {
        return switch (shape) {
            case CHAT, CHAT_EVENTS, EMBEDDINGS ->
                    usage("", "prompt", "completion")
                            .on("choices[]", (u, token, parser) -> u.seen.choices = true);
            case RESPONSE ->
                    response("")
                            .text("id", (u, id) -> u.id = id)
                            .text("status", (u, status) -> u.status = status);
            case RESPONSE_EVENTS -> type(response(at(shape)));
            case IMAGES -> images();
            case IMAGE_EVENTS -> type(images());
            case CONVERSATION -> usage("", "prompt", "completion");
            case CONVERSATION_EVENTS -> type(usage("", "prompt", "completion"));
            case PAGES ->
                    usage("", "prompt", "completion")
                            .count("usage_info.pages_processed", (u, n) -> u.seen.pages = n);
        };
    }

    /** In front of {@code usage}: empty, or the object that it stands in. */
    static String at(OpenAiUsage.Shape shape) {
        return shape == OpenAiUsage.Shape.RESPONSE_EVENTS ? "response." : "";
    }

    private static Fields.Builder<OpenAiUsage> type(Fields.Builder<OpenAiUsage> fields) {
        return fields.text("type", (u, type) -> u.seen.type = type);
    }

    private static Fields.Builder<OpenAiUsage> images() {
        return usage("", "input", "output")
                .on("data[]", (u, token, parser) -> u.seen.images++)
                .text("svg_usage.model", (u, model) -> u.seen.helper.model = model)
                .count("svg_usage.input_tokens", (u, n) -> u.seen.helper.input = n)
                .count("svg_usage.output_tokens", (u, n) -> u.seen.helper.output = n)
                .count("svg_usage.reasoning_tokens", (u, n) -> u.seen.helper.reasoning = n);
    }

    private static Fields.Builder<OpenAiUsage> response(String at) {
        return usage(at, "input", "output")
                .on(at + "output[].type", OpenAiFields::item)
                .text(at + "tools[].model", (u, model) -> u.seen.imageModel = model)
                .count(at + "tool_usage.web_search.num_requests", (u, n) -> u.seen.searches = n)
                .count(
                        at + "tool_usage.image_gen.input_tokens",
                        (u, n) -> u.seen.imageToolInput = n)
                .count(
                        at + "tool_usage.image_gen.input_tokens_details.image_tokens",
                        (u, n) -> u.seen.imageToolImageInput = n)
                .count(
                        at + "tool_usage.image_gen.output_tokens",
                        (u, n) -> u.seen.imageToolOutput = n)
                .count(
                        at + "tool_usage.image_gen.output_tokens_details.text_tokens",
                        (u, n) -> u.seen.imageToolTextOutput = n);
    }

    /**
     * The usage object itself.
     *
     * @param at what stands in front of it
     * @param in the word for input
     * @param out the word for output
     */
    static Fields.Builder<OpenAiUsage> usage(String at, String in, String out) {
        String input = at + "usage." + in + "_tokens";
        String output = at + "usage." + out + "_tokens";
        String written = input + "_details.cache_write_tokens";
        return new Fields.Builder<OpenAiUsage>()
                .text(at + "model", (u, model) -> u.seen.model = model)
                .text(at + "service_tier", (u, tier) -> u.seen.tier = tier)
                .count(input, (u, n) -> u.seen.input = n)
                .count(input + "_details.cached_tokens", (u, n) -> u.seen.cached = n)
                .count(written, (u, n) -> u.seen.written = n)
                .count(written + "_details.ttl_30m_tokens", (u, n) -> u.seen.written30m = n)
                .count(written + "_details.ttl_12h_tokens", (u, n) -> u.seen.written12h = n)
                .count(input + "_details.audio_tokens", (u, n) -> u.seen.audioInput = n)
                .count(input + "_details.image_tokens", (u, n) -> u.seen.imageInput = n)
                .count(output, (u, n) -> u.seen.output = n)
                .count(output + "_details.reasoning_tokens", (u, n) -> u.seen.reasoning = n)
                .count(output + "_details.audio_tokens", (u, n) -> u.seen.audioOutput = n)
                .count(output + "_details.image_tokens", (u, n) -> u.seen.imageOutput = n)
                .count(at + "usage.total_tokens", (u, n) -> u.seen.total = n);
    }

    private static void item(OpenAiUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String type = parser.getText();
            usage.seen.searchCalls += type.equals("web_search_call") ? 1 : 0;
            usage.seen.fileSearchCalls += type.equals("file_search_call") ? 1 : 0;
        }
    }
}
