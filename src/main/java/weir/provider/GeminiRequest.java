package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.provider.PeekResult.Malformed;

/**
 * What the bodies of Google's methods say. Shapes: google-genai 3.4.0, {@code types.py} and {@code
 * models.py}. Google reads every name in two spellings, {@code maxOutputTokens} and {@code
 * max_output_tokens}, and an array of one element also without its brackets; so does Weir.
 *
 * <h2>Input beyond the body's bytes</h2>
 *
 * <p>Framing and declarations of functions are covered by their own JSON, as in {@link
 * OpenAiRequest}. An image costs by its size: 258 tokens a tile, with 16 tiles at most, and up to
 * 2,240 at the newest models' highest resolution: {@link #IMAGE_TOKENS}. A PDF, audio and video are
 * compressed, silence nearly to nothing: nothing but the context bounds them. Nor what the body
 * refers to: files, cached content, URLs that a tool reads.
 *
 * <h2>Output</h2>
 *
 * <p>{@code maxOutputTokens} bounds thoughts and answer together. Images and speech that a model
 * makes come in tokens of fixed numbers, whatever that bound is, so it bounds nothing there.
 * Thoughts are billed and not shown, so no stream can be counted as it passes.
 */
final class GeminiRequest {
    static final long TOOLS_TOKENS = 500;
    static final long IMAGE_TOKENS = 5_000;

    /** What has to be left for an answer behind the thinking. */
    private static final long ANSWER_TOKENS = 64;

    /**
     * Parameters of the query under which an answer is still the one that Weir reads. Others choose
     * its fields or make another format of it.
     */
    private static final Set<String> KNOWN_PARAMETERS =
            Set.of("alt", "$alt", "key", "access_token", "oauth_token", "prettyPrint", "quotaUser");

    private static final Set<String> FORMATS = Set.of("json", "sse");

    static final Fields<Request> GENERATE = generate();
    static final Fields<Request> EMBED =
            content(content(new Fields.Builder<>(), "content"), "requests").build();

    private GeminiRequest() {}

    private static Fields<Request> generate() {
        Fields.Builder<Request> fields = new Fields.Builder<>();
        content(fields, "contents");
        each("systemInstruction", path -> content(fields, path));
        each(
                "cachedContent",
                path -> fields.on(path, RequestFields.present(r -> r.unseenInput = true)));
        each("serviceTier", path -> fields.on(path, RequestFields.text(path, GeminiRequest::tier)));
        each("generationConfig", path -> config(fields, path));
        tools(fields, "");
        return fields.build();
    }

    private static void config(Fields.Builder<Request> fields, String config) {
        fields.on(config, RequestFields.capObject(config));
        each(config + ".", "maxOutputTokens", path -> fields.on(path, RequestFields.cap(path, 1)));
        each(
                config + ".",
                "candidateCount",
                path ->
                        fields.on(
                                path,
                                RequestFields.whole(
                                        path,
                                        1,
                                        Request.MAX_CHOICES,
                                        (r, n) -> r.choices = Math.max(r.choices, n))));
        each(config + ".", "responseMimeType", path -> fields.on(path, GeminiRequest::format));
        for (String schema : List.of("responseSchema", "responseJsonSchema", "responseFormat")) {
            each(
                    config + ".",
                    schema,
                    path -> fields.on(path, RequestFields.present(r -> r.structured = true)));
        }
        each(config + ".", "responseModalities", path -> modalities(fields, path));
        each(
                config + ".",
                "thinkingConfig",
                path ->
                        each(
                                path + ".",
                                "thinkingBudget",
                                budget -> fields.on(budget, GeminiRequest::thinkingBudget)));
    }

    private static void modalities(Fields.Builder<Request> fields, String path) {
        fields.on(path, GeminiRequest::modality).on(path + "[]", GeminiRequest::modality);
    }

    /** Whatever is not declared for the caller's own program runs at the vendor. */
    static void tools(Fields.Builder<Request> fields, String at) {
        fields.on(at + "tools.**", RequestFields.present(r -> r.serverTools = true))
                .on(at + "tools[]", RequestFields.present(r -> r.hasTools = true));
        for (String tool : List.of(at + "tools.", at + "tools[].")) {
            for (String own : List.of("functionDeclarations", "computerUse")) {
                each(
                        tool,
                        own,
                        path ->
                                fields.on(path, RequestFields.present(r -> r.hasTools = true))
                                        .closed(path));
            }
        }
    }

    /** Input that a part may bring along, at whatever depth; not what functions were told. */
    private static Fields.Builder<Request> content(Fields.Builder<Request> fields, String root) {
        String deep = root + ".**.";
        each(deep, "inlineData", path -> fields.on(path, RequestFields.present(r -> r.images++)));
        each(
                deep,
                "fileData",
                path -> fields.on(path, RequestFields.present(r -> r.unseenInput = true)));
        each(
                deep,
                "inlineData",
                path ->
                        each(
                                path + ".",
                                "mimeType",
                                type -> fields.on(type, GeminiRequest::inline)));
        each(deep, "functionCall", path -> fields.closed(path + ".args"));
        each(deep, "functionResponse", path -> fields.closed(path + ".response"));
        return fields;
    }

    /** Uses both spellings of a name. */
    static void each(String before, String name, Consumer<String> use) {
        use.accept(before + name);
        String snake = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        if (!snake.equals(name)) {
            use.accept(before + snake);
        }
    }

    private static void each(String name, Consumer<String> use) {
        each("", name, use);
    }

    static PeekResult peek(GooglePath call, String target, byte[] body) {
        Malformed problem = queryProblem(target);
        if (problem != null) {
            return problem;
        }
        return switch (call.method()) {
            case "embedContent", "batchEmbedContents" ->
                    Request.peek(EMBED, body, null, r -> named(r, call, r.images * IMAGE_TOKENS));
            case "predict" -> GeminiPredictions.peek(call, body);
            default ->
                    Request.peek(
                            GENERATE,
                            body,
                            "generationConfig.maxOutputTokens",
                            r -> finish(r, call));
        };
    }

    /** Only what was trained for everybody may have the name of a priced model. */
    static void named(Request request, GooglePath call, long extraInputTokens) {
        boolean plain = call.kind().equals("models");
        request.model = plain ? call.model() : call.kind() + "/" + call.model();
        request.extraInputTokens = extraInputTokens;
    }

    private static void finish(Request request, GooglePath call) {
        boolean tools = request.hasTools || request.serverTools;
        named(
                request,
                call,
                OpenAiRequest.HEADER_TOKENS
                        + (tools ? TOOLS_TOKENS : 0)
                        + request.images * IMAGE_TOKENS);
        request.stream = call.method().equals("streamGenerateContent");
        request.thinks = true;
        String model = call.model();
        if (request.hiddenOutput || model.contains("image") || model.contains("-tts")) {
            request.cap = -1;
            request.caps.clear();
            request.capName = null;
        }
    }

    /** The model as the price book names it, where a body says whose it is. */
    static PeekResult ownName(PeekResult seen) {
        if (seen instanceof Peek peek) {
            String name = peek.model();
            for (String owner : List.of("models/", "google/")) {
                name = name.startsWith(owner) ? name.substring(owner.length()) : name;
            }
            return peek.as(name, peek.terms());
        }
        return seen;
    }

    /** What the query says that would make an answer of it that Weir does not read; else null. */
    static @Nullable Malformed queryProblem(String target) {
        int query = target.indexOf('?');
        String[] parameters =
                query < 0 ? new String[0] : target.substring(query + 1).split("&", -1);
        for (String parameter : parameters) {
            String name = GoogleCredentials.name(parameter);
            if (!parameter.isEmpty() && !KNOWN_PARAMETERS.contains(name)) {
                return new Malformed(
                        "the query may have alt, key and prettyPrint: what else shapes the answer"
                                + " hides what it cost",
                        null);
            }
            boolean format = name.equals("alt") || name.equals("$alt");
            if (format && !FORMATS.contains(parameter.substring(parameter.indexOf('=') + 1))) {
                return new Malformed("alt must be json or sse", null);
            }
        }
        return null;
    }

    private static void thinkingBudget(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        long tokens = Json.count(token, parser);
        if (tokens > 0) {
            request.leastCap = Math.min(tokens, Request.MAX_CAP) + ANSWER_TOKENS;
        }
    }

    private static void format(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        request.structured |=
                token != JsonToken.VALUE_STRING || !parser.getText().equals("text/plain");
    }

    private static void modality(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        request.hiddenOutput |=
                token != JsonToken.START_ARRAY
                        && (token != JsonToken.VALUE_STRING
                                || !parser.getText().equalsIgnoreCase("text"));
    }

    private static void tier(Request request, String tier) {
        String word = term(tier);
        if (!word.isEmpty()) {
            request.term(word);
        }
    }

    /**
     * The price book's word for a service tier or a kind of traffic ({@code priority}, {@code
     * ON_DEMAND_FLEX}); empty for the standard one, and for capacity that was bought ahead.
     */
    static String term(String tier) {
        String word = tier.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "flex", "on_demand_flex", "service_tier_flex" -> "flex";
            case "priority", "on_demand_priority", "service_tier_priority" -> "priority";
            case "batch" -> "batch";
            default -> "";
        };
    }

    /** Text costs no more than its bytes, and an image what {@link #IMAGE_TOKENS} says. */
    private static void inline(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        boolean seen =
                type.startsWith("image/")
                        || type.startsWith("text/")
                        || type.equals("application/json");
        request.unseenInput |= !seen;
    }
}
