package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import weir.usage.Kind;

/**
 * xAI's REST API, below {@code /v1}. From its documentation, docs.x.ai, read in November 2026. Its
 * own SDK speaks gRPC, which Weir does not: OpenAI's SDK is the one to use.
 *
 * <p>In chat, reasoning is counted beside the completion and not within it, except where the total
 * says that it is within. {@code cost_in_usd_ticks} is what xAI charges for the whole request,
 * tools and discounts included: where it is there, it is the truth. {@code deferred} answers are
 * fetched later, once, by a GET that is not metered; they have no price.
 */
final class Xai {
    /** Ten thousand million to the dollar. */
    private static final long TICKS_PER_NANO_USD = 10;

    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("completions", new Endpoint("completions", METERED)),
                    entry("responses", new Endpoint("responses", METERED)),
                    entry("embeddings", new Endpoint("embeddings", METERED)),
                    entry("images/generations", new Endpoint("images.generations", METERED)),
                    entry("images/edits", new Endpoint("images.edits", UNPRICED)),
                    entry("videos/generations", new Endpoint("videos", UNPRICED)),
                    entry("batches", new Endpoint("batches", UNPRICED)),
                    entry("files", new Endpoint("files", UNPRICED)));

    static final Flavour FLAVOUR =
            new Flavour.Builder("xai", "https://api.x.ai")
                    .post(POST)
                    .readable("models", "files", "batches", "responses", "chat", "videos")
                    .reading(
                            "chat.completions",
                            new Reading(
                                    OpenAiRequest.chat()
                                            .on(
                                                    "search_parameters",
                                                    RequestFields.present(
                                                            r -> r.serverTools = true))
                                            .on(
                                                    "deferred",
                                                    RequestFields.flag(
                                                            "deferred", r -> r.unmetered = true))
                                            .build(),
                                    "max_completion_tokens",
                                    OpenAiRequest::finish))
                    .reading("images.generations", OpenAiMedia.pieces())
                    .asking(target -> true)
                    .dialect(new OpenAiDialect(OpenAiDialect.Shape.STRING, OpenAiDialect.OPENAI))
                    .quirks(new Quirks(Xai::more, Xai::finish, ""))
                    .build();

    private Xai() {}

    private static Fields.Builder<OpenAiUsage> more(Fields.Builder<OpenAiUsage> fields, String at) {
        String calls = at + "usage.server_side_tool_usage_details.";
        return fields.on(at + "usage.cost_in_usd_ticks", Xai::cost)
                .count(calls + "web_search_calls", (u, n) -> u.seen.tools.add(Kind.WEB_SEARCH, n))
                .count(calls + "x_search_calls", (u, n) -> u.seen.tools.add(Kind.WEB_SEARCH, n))
                .count(
                        calls + "code_interpreter_calls",
                        (u, n) -> u.seen.tools.add(Kind.CODE_RUN, n));
    }

    private static void finish(OpenAiUsage.Shape shape, OpenAiSeen seen, Peek peek) {
        if (shape.isChat() && seen.output >= 0 && seen.input + seen.output != seen.total) {
            seen.output += seen.reasoning;
        }
    }

    private static void cost(OpenAiUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        boolean fits =
                token == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (fits && parser.getLongValue() >= 0) {
            usage.seen.billedNanoUsd = Math.ceilDiv(parser.getLongValue(), TICKS_PER_NANO_USD);
        }
    }
}
