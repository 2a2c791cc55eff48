package weir.provider;

import java.util.regex.Pattern;
import weir.usage.Kind;

/**
 * What Cohere's request bodies say. Shapes: cohere-python 7.3.1, {@code v2/raw_client.py}, {@code
 * raw_base_client.py} and {@code types/}.
 *
 * <h2>Input</h2>
 *
 * <p>Cohere bills the caller's own tokens, without its template. An image costs by its size: {@link
 * #IMAGE_TOKENS} is upward of what the vision models take. What a connector or a stored
 * conversation brings is not in the body.
 *
 * <h2>Reranking</h2>
 *
 * <p>Up to its version 4 it is billed by search units: a query with up to 100 documents, of which a
 * long one counts once for each part of 500 tokens, the query included (Cohere's pricing page; the
 * rule of splitting is not stated further). A part is taken to hold at least {@link #PART_TOKENS}
 * of its document. From version 5 on it is billed by tokens; there the query goes with each
 * document.
 */
final class CohereRequest {
    static final long IMAGE_TOKENS = 5_000;

    /** Half of a part: a query has at most the other half. */
    static final long PART_TOKENS = 250;

    private static final long DOCUMENTS_PER_UNIT = 100;

    /** Names of rerankers that are billed by search units. */
    private static final Pattern BY_UNITS = Pattern.compile("rerank-(?:[a-z]+-)?v[1-4]\\..*");

    /** Models that bill an image that they embed by the piece; later ones bill its tokens. */
    private static final Pattern BY_IMAGES = Pattern.compile("embed-.*-v3\\..*");

    private static final Fields<Request> CHAT =
            common().on("max_tokens", RequestFields.cap("max_tokens", 1))
                    .on("messages.**.image_url", RequestFields::image)
                    .on("messages.**.image_url.url", RequestFields::image)
                    .closed("messages.**.arguments")
                    .on("tools[]", RequestFields.present(r -> r.hasTools = true))
                    .on("response_format.type", RequestFields::format)
                    .on("thinking", RequestFields.present(r -> r.thinks = true))
                    .on("thinking.type", RequestFields.word("disabled", r -> r.thinks = false))
                    .on("thinking.token_budget", AnthropicRequest::thinkingBudget)
                    .on("connectors[]", RequestFields.present(r -> r.serverTools = true))
                    .on("conversation_id", RequestFields.present(r -> r.unseenInput = true))
                    .build();

    private static final Fields<Request> EMBED =
            common().on("images[]", RequestFields.present(r -> r.images++))
                    .on("inputs.**.image_url", RequestFields::image)
                    .on("inputs.**.image_url.url", RequestFields::image)
                    .build();

    private static final Fields<Request> RERANK =
            common().on("documents[]", (r, token, parser) -> r.prompts++)
                    .on("query", (r, t, parser) -> r.extraInputTokens = Json.scalarBytes(t, parser))
                    .build();

    private CohereRequest() {}

    private static Fields.Builder<Request> common() {
        return new Fields.Builder<Request>()
                .on("model", RequestFields.text("model", (r, text) -> r.model = text))
                .on("stream", RequestFields.flag("stream", r -> r.stream = true));
    }

    static PeekResult peek(Endpoint endpoint, byte[] body) {
        return switch (endpoint.name()) {
            case "embed" -> Request.peek(EMBED, body, null, CohereRequest::finishEmbed);
            case "rerank" -> Request.peek(RERANK, body, null, r -> finishRerank(r, body.length));
            default -> Request.peek(CHAT, body, "max_tokens", CohereRequest::finishChat);
        };
    }

    /** Thoughts come in the stream as they are billed, but nobody says that all do. */
    private static void finishChat(Request request) {
        request.extraInputTokens = OpenAiRequest.HEADER_TOKENS + request.images * IMAGE_TOKENS;
        request.hiddenOutput = true;
    }

    private static void finishEmbed(Request request) {
        request.stream = false;
        request.extraInputTokens = request.images * IMAGE_TOKENS;
        if (BY_IMAGES.matcher(request.name()).matches()) {
            request.media.set(Kind.INPUT_IMAGES, request.images);
        }
    }

    private static void finishRerank(Request request, long bytes) {
        request.stream = false;
        long documents = request.prompts;
        request.prompts = 0;
        if (BY_UNITS.matcher(request.name()).matches()) {
            long parts = documents + Math.ceilDiv(bytes, PART_TOKENS);
            request.media.set(
                    Kind.SEARCH_UNITS, Math.max(1, Math.ceilDiv(parts, DOCUMENTS_PER_UNIT)));
        } else {
            request.extraInputTokens *= documents;
        }
    }
}
