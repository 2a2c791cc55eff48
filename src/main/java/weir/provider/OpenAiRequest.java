package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What OpenAI's request bodies say. Shapes: openai-python 3.54.0, {@code
 * types/chat/completion_create_params.py}, {@code types/completion_create_params.py}, {@code
 * types/responses/response_create_params.py} and {@code response_input_item_param.py}, {@code
 * types/embedding_create_params.py}.
 *
 * <h2>Input beyond the body's bytes</h2>
 *
 * <p>A message costs a handful of framing tokens, and its JSON ({@code
 * {"role":"user","content":""}}) has more bytes than that; a function's schema is shown to the
 * model in fewer characters than its JSON. So bytes cover both. {@link #TEMPLATE_TOKENS} covers
 * what no byte stands for, the vendor's own preamble, which models that reason and requests with
 * tools or a schema get, and the header of the answer, which is {@link #HEADER_TOKENS} alone in a
 * plain request: OpenAI's own recipe for counting is 3 tokens beyond the messages. An inline image
 * costs by its pixels, and a few kilobytes can hold many: {@link #IMAGE_TOKENS}. Of inline audio a
 * second is some 10 tokens and at least a kilobyte, so its bytes bound it.
 *
 * <h2>Service tiers</h2>
 *
 * <p>{@code auto}, {@code default}, {@code scale} and no tier at all are taken as standard when
 * reserving, although {@code auto} becomes whatever the project is set to; the response names the
 * tier that was used, and that is what is charged. {@code fast} is another word for {@code
 * priority}.
 */
final class OpenAiRequest {
    /** Some hundred tokens of preamble have been seen with reasoning models and tools; upward. */
    static final long TEMPLATE_TOKENS = 500;

    /** Upward from 3: what a plain request costs beyond its messages. */
    static final long HEADER_TOKENS = 16;

    /**
     * OpenAI's vision guide: at most 1,536 patches times 2.46 (gpt-4.1-nano), or 85 + 8 x 170 by
     * tiles; the newest models look at up to 10,000 patches, times at most 1.62. Upward.
     */
    static final long IMAGE_TOKENS = 16_200;

    /** gpt-4o-mini and its kind bill 2,833 + 5,667 a tile, for at most 8 tiles. */
    static final long IMAGE_TOKENS_4O_MINI = 48_169;

    /** What the image generation tool uses where the request names no model. */
    static final String DEFAULT_IMAGE_MODEL = "gpt-image-1";

    /** Tools that run in the caller's own program; every other type runs at the vendor, or may. */
    private static final Set<String> CALLERS_TOOLS =
            Set.of(
                    "function",
                    "custom",
                    "namespace",
                    "local_shell",
                    "apply_patch",
                    "computer",
                    "computer_use_preview",
                    "tool_search",
                    "programmatic_tool_calling");

    /** Models of these families have never reasoned. */
    private static final List<String> PLAIN_FAMILIES =
            List.of("gpt-3.5-", "gpt-35-", "gpt-4", "chatgpt-4o", "davinci", "babbage");

    /** But of these some bill more than their text. */
    private static final List<String> OTHER_OUTPUT =
            List.of("audio", "realtime", "search", "image");

    static final Fields<Request> CHAT = chat().build();
    static final Fields<Request> COMPLETIONS = completions().build();
    static final Fields<Request> RESPONSES = responses().build();
    static final Fields<Request> EMBEDDINGS = common().build();

    private OpenAiRequest() {}

    static Fields.Builder<Request> common() {
        return new Fields.Builder<Request>()
                .on("model", RequestFields.text("model", (r, text) -> r.model = text))
                .on("stream", RequestFields.flag("stream", r -> r.stream = true))
                .on("service_tier", RequestFields.text("service_tier", (r, text) -> tier(r, text)));
    }

    static Fields.Builder<Request> chat() {
        return content(UsageAsk.addTo(common()), "messages")
                .on("max_tokens", RequestFields.cap("max_tokens", 1))
                .on("max_completion_tokens", RequestFields.cap("max_completion_tokens", 1))
                .on("max_output_tokens", RequestFields.cap("max_output_tokens", 1))
                .on("n", RequestFields.choices("n"))
                .on("messages.**.audio.id", RequestFields.present(r -> r.unseenInput = true))
                .on("tools[]", RequestFields.present(r -> r.hasTools = true))
                .on("tools[].type", OpenAiRequest::tool)
                .on("functions[]", RequestFields.present(r -> r.hasTools = true))
                .on("response_format.type", RequestFields::format)
                .on("reasoning_effort", RequestFields.word("none", r -> r.effortNone = true))
                .on("modalities[]", RequestFields.word("audio", r -> r.hiddenOutput = true))
                .on("prediction", RequestFields.present(r -> r.hiddenOutput = true))
                .on("web_search_options", RequestFields.present(r -> r.serverTools = true));
    }

    private static Fields.Builder<Request> completions() {
        return UsageAsk.addTo(common())
                .on("max_tokens", RequestFields.cap("max_tokens", 0))
                .on("n", RequestFields.choices("n"))
                .on("best_of", RequestFields.candidates("best_of"))
                .on("prompt[]", RequestFields::prompt);
    }

    static Fields.Builder<Request> responses() {
        return content(common(), "input")
                .on("max_output_tokens", RequestFields.cap("max_output_tokens", 1))
                .on("background", RequestFields.flag("background", r -> r.background = true))
                .on("previous_response_id", RequestFields.present(r -> r.unseenInput = true))
                .on("conversation", RequestFields.present(r -> r.unseenInput = true))
                .on("prompt", RequestFields.present(r -> r.unseenInput = true))
                .on("input[]", OpenAiRequest::item)
                .on("input[].type", OpenAiRequest::itemType)
                .on("input[].content", RequestFields.present(r -> r.nameless = false))
                .on("text.format.type", RequestFields::format)
                .on("reasoning.effort", RequestFields.word("none", r -> r.effortNone = true))
                .on("tools[]", RequestFields.present(r -> r.hasTools = true))
                .on("tools[].type", OpenAiRequest::tool)
                .on("tools[].model", RequestFields.text("tools[].model", Request::otherModel));
    }

    /** Input that a message or item may bring along, at whatever depth. */
    static Fields.Builder<Request> content(Fields.Builder<Request> fields, String root) {
        return fields.on(root + ".**.file_id", RequestFields.present(r -> r.unseenInput = true))
                .on(root + ".**.file_url", RequestFields.present(r -> r.unseenInput = true))
                .on(root + ".**.file_data", RequestFields.present(r -> r.unseenInput = true))
                .on(root + ".**.image_url", RequestFields::image)
                .on(root + ".**.image_url.url", RequestFields::image);
    }

    /** Responses of a vendor whose background work Weir follows. */
    static final Reading FOLLOWED =
            new Reading(RESPONSES, "max_output_tokens", OpenAiRequest::finishResponse);

    /** By the name of the endpoint. */
    static final Map<String, Reading> READINGS =
            Map.of(
                    "chat.completions",
                    new Reading(CHAT, "max_completion_tokens", OpenAiRequest::finishChat),
                    "completions",
                    new Reading(COMPLETIONS, "max_tokens", r -> r.thinks = mayThink(r)),
                    "responses",
                    FOLLOWED,
                    "responses.compact",
                    new Reading(RESPONSES, "max_output_tokens", OpenAiRequest::finish),
                    "embeddings",
                    new Reading(EMBEDDINGS, null, r -> r.stream = false),
                    "images.generations",
                    OpenAiMedia.images(),
                    "audio.speech",
                    OpenAiMedia.speech(),
                    "images.edits",
                    OpenAiMedia.edits(),
                    "audio.transcriptions",
                    OpenAiAudio.reading(Set.of("json", "verbose_json", "diarized_json")),
                    "audio.translations",
                    OpenAiAudio.reading(Set.of("verbose_json")));

    static PeekResult peek(Endpoint endpoint, byte[] body) {
        return OpenAi.FLAVOUR.peek(endpoint, "/", body);
    }

    /** Of vendors whose background work Weir does not follow. */
    static final Reading UNFOLLOWED =
            new Reading(
                    RESPONSES,
                    "max_output_tokens",
                    r -> {
                        r.unmetered = r.background;
                        finish(r);
                    });

    /** Whoever leaves a background stream learns no more of it. */
    private static void finishResponse(Request request) {
        request.unmetered = request.background && request.stream;
        finish(request);
    }

    static void finishChat(Request request) {
        request.serverTools |= searches(request);
        finish(request);
    }

    static void finish(Request request) {
        boolean mayThink = mayThink(request);
        request.extraInputTokens =
                preamble(request, mayThink) + request.images * imageTokens(request);
        request.unseenInput |= request.nameless;
        request.thinks = !request.effortNone && mayThink;
        if (request.makesImages && request.otherModels.isEmpty()) {
            request.otherModel(DEFAULT_IMAGE_MODEL);
        }
    }

    private static long preamble(Request request, boolean mayThink) {
        boolean plain =
                !request.hasTools && !request.structured && !request.serverTools && !mayThink;
        return plain ? HEADER_TOKENS : TEMPLATE_TOKENS;
    }

    private static long imageTokens(Request request) {
        boolean dear = request.nicknamed || request.name().contains("4o-mini");
        return dear ? IMAGE_TOKENS_4O_MINI : IMAGE_TOKENS;
    }

    /** Models that search the web for every request, whether told to or not. */
    private static boolean searches(Request request) {
        return request.name().contains("-search-");
    }

    /**
     * OpenAI bills reasoning and does not show it. These families do not reason; newer ones do
     * unless told not to, and of unknown names nobody knows.
     */
    private static boolean mayThink(Request request) {
        String name = request.name();
        String base = name.startsWith("ft:") ? name.substring("ft:".length()) : name;
        return request.nicknamed
                || PLAIN_FAMILIES.stream().noneMatch(base::startsWith)
                || OTHER_OUTPUT.stream().anyMatch(base::contains);
    }

    private static void tier(Request request, String tier) {
        switch (tier) {
            case "auto", "default", "scale" -> {}
            default -> request.term(OpenAi.term(tier));
        }
    }

    static void tool(Request request, JsonToken token, JsonParser parser) throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        request.serverTools |= !CALLERS_TOOLS.contains(type);
        request.makesImages |= type.equals("image_generation");
    }

    /**
     * An item may be a mere reference to one that the vendor keeps; its type may then be left out.
     */
    private static void item(Request request, JsonToken token, JsonParser parser) {
        request.unseenInput |= request.nameless;
        request.nameless = token == JsonToken.START_OBJECT;
    }

    private static void itemType(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            request.nameless = false;
            request.unseenInput |= parser.getText().equals("item_reference");
        }
    }
}
