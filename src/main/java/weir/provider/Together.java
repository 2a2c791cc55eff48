package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import java.util.Map;

/**
 * Together's API, below {@code /v1}, which its SDK adds to the base URL. Operations: together
 * 3.1.1, {@code resources/}.
 *
 * <p>A stream says its usage in its last chunk. Embeddings report none: they are charged by the
 * bytes of the request, which are no fewer than its tokens. Pictures cost by their pixels and
 * steps, which no price row knows: UNPRICED, as are transcriptions, of which the price book knows
 * nothing, and all that runs on hardware by the hour.
 */
final class Together {
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("completions", new Endpoint("completions", METERED)),
                    entry("embeddings", new Endpoint("embeddings", METERED)),
                    entry("rerank", new Endpoint("rerank", METERED)),
                    entry("audio/speech", new Endpoint("audio.speech", METERED)),
                    entry("images/generations", new Endpoint("images.generations", UNPRICED)),
                    entry("audio/transcriptions", new Endpoint("audio.transcriptions", UNPRICED)),
                    entry("audio/translations", new Endpoint("audio.translations", UNPRICED)),
                    entry("batches", new Endpoint("batches", UNPRICED)),
                    entry("files", new Endpoint("files", UNPRICED)));

    static final Flavour FLAVOUR =
            new Flavour.Builder("together", "https://api.together.ai")
                    .post(POST)
                    .readable("models", "files", "batches", "fine-tunes", "evaluation")
                    .reading(
                            "chat.completions",
                            new Reading(
                                    OpenAiRequest.chat()
                                            .on(
                                                    "safety_model",
                                                    RequestFields.text(
                                                            "safety_model", Request::otherModel))
                                            .build(),
                                    "max_tokens",
                                    OpenAiRequest::finish))
                    .reading("rerank", new Reading(OpenAiRequest.EMBEDDINGS, null, r -> {}))
                    .dialect(
                            new OpenAiDialect(
                                    OpenAiDialect.Shape.NESTED,
                                    new OpenAiDialect.Names(
                                            "x-ratelimit-%s", "x-tokenlimit-%s", false)))
                    .quirks(
                            new Quirks((fields, at) ->
                                    fields.count(
                                            at + "usage.cached_tokens",
                                            (u, n) -> u.seen.cached = Math.max(u.seen.cached, n))))
                    .build();

    private Together() {}
}
