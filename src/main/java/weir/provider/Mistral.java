package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import weir.usage.Kind;

/**
 * Mistral's API, below {@code /v1}, which its SDK adds to the base URL. Operations and shapes:
 * mistralai 3.7.0, {@code client/} and {@code client/models/} ({@code usageinfo.py}, {@code
 * conversationusageinfo.py}, {@code ocrrequest.py}).
 *
 * <p>A stream says its usage in its last chunk, unasked. An agent hides its model, its instructions
 * and its tools: it goes by its id, for which {@code models} in weir.yaml may name a model. A
 * conversation that goes on names neither, and has no price. Documents are billed by their pages,
 * of which the request says nothing unless it chooses some.
 */
final class Mistral {
    /** The longest document that is read, as its documentation says. */
    static final long MAX_PAGES = 1_000;

    /** The longest audio that is heard, three hours; upward. */
    static final long MAX_AUDIO_MILLIS = 10_800_000;

    /**
     * What costs what. What is not here is UNPRICED: conversations that go on, calls of connectors,
     * workflows, libraries and speech, whose model may be left out.
     */
    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("fim/completions", new Endpoint("fim.completions", METERED)),
                    entry("agents/completions", new Endpoint("agents.completions", METERED)),
                    entry("conversations", new Endpoint("conversations", METERED)),
                    entry("responses", new Endpoint("responses", METERED)),
                    entry("responses/input_tokens", new Endpoint("responses.input_tokens", FREE)),
                    entry("embeddings", new Endpoint("embeddings", METERED)),
                    entry("moderations", new Endpoint("moderations", METERED)),
                    entry("chat/moderations", new Endpoint("moderations", METERED)),
                    entry("ocr", new Endpoint("ocr", METERED)),
                    entry("audio/transcriptions", new Endpoint("audio.transcriptions", METERED)),
                    entry("audio/speech", new Endpoint("audio.speech", UNPRICED)),
                    entry("batch/jobs", new Endpoint("batches", UNPRICED)),
                    entry("files", new Endpoint("files", UNPRICED)));

    static final Flavour FLAVOUR =
            new Flavour.Builder("mistral", "https://api.mistral.ai")
                    .post(POST)
                    .readable(
                            "models",
                            "files",
                            "batch",
                            "agents",
                            "conversations",
                            "libraries",
                            "responses")
                    .cancels("batch/jobs/[\\w-]+/cancel")
                    .reading("chat.completions", chat(OpenAiRequest::finish))
                    .reading("agents.completions", chat(Mistral::agent))
                    .reading(
                            "fim.completions",
                            new Reading(OpenAiRequest.COMPLETIONS, "max_tokens", r -> {}))
                    .reading("conversations", conversations())
                    .reading("moderations", new Reading(OpenAiRequest.EMBEDDINGS, null, r -> {}))
                    .reading("ocr", ocr())
                    .reading("audio.transcriptions", OpenAiAudio.reading(Set.of("json")))
                    .dialect(
                            new OpenAiDialect(
                                    OpenAiDialect.Shape.FLAT,
                                    new OpenAiDialect.Names(
                                            "x-ratelimit-%s-req-minute",
                                            "x-ratelimit-%s-tokens-minute", false)))
                    .quirks(new Quirks(Mistral::more))
                    .build();

    private Mistral() {}

    private static Reading chat(Consumer<Request> finish) {
        return new Reading(
                heard(OpenAiRequest.chat(), "messages")
                        .on("agent_id", RequestFields.text("agent_id", (r, id) -> r.model = id))
                        .build(),
                "max_tokens",
                finish);
    }

    /** Documents and sounds that a message may bring along. */
    private static Fields.Builder<Request> heard(Fields.Builder<Request> fields, String root) {
        return fields.on(
                        root + ".**.document_url", RequestFields.present(r -> r.unseenInput = true))
                .on(
                        root + ".**.input_audio",
                        RequestFields.present(
                                r -> r.media.set(Kind.AUDIO_MILLIS, MAX_AUDIO_MILLIS)));
    }

    private static Reading conversations() {
        Fields.Builder<Request> fields =
                OpenAiRequest.content(OpenAiRequest.common(), "inputs")
                        .on(
                                "agent_id",
                                RequestFields.text(
                                        "agent_id",
                                        (r, id) -> {
                                            r.model = id;
                                            agent(r);
                                        }))
                        .on("tools[]", RequestFields.present(r -> r.hasTools = true))
                        .on("tools[].type", OpenAiRequest::tool);
        return new Reading(heard(fields, "inputs").build(), null, OpenAiRequest::finish);
    }

    private static void agent(Request request) {
        request.unseenInput = true;
        request.serverTools = true;
    }

    private static Reading ocr() {
        return new Reading(
                OpenAiRequest.common()
                        .on("pages[]", (r, token, parser) -> r.choices++)
                        .on("bbox_annotation_format", Mistral::annotates)
                        .on("document_annotation_format", Mistral::annotates)
                        .build(),
                null,
                Mistral::finishOcr);
    }

    private static void annotates(Request request, JsonToken token, JsonParser parser) {
        request.structured |= token != JsonToken.VALUE_NULL;
    }

    private static void finishOcr(Request request) {
        long chosen = request.choices - 1;
        request.choices = 1;
        request.media.set(
                request.structured ? Kind.ANNOTATED_PAGES : Kind.PAGES,
                chosen > 0 ? chosen : MAX_PAGES);
        request.model = request.model == null ? Peek.ANY : request.model;
    }

    private static Fields.Builder<OpenAiUsage> more(Fields.Builder<OpenAiUsage> fields, String at) {
        return fields.text(at + "usage.service_tier", (u, tier) -> u.seen.tier = tier)
                .count(at + "usage.prompt_audio_seconds", (u, n) -> u.seen.audioMillis = n * 1_000)
                .count(at + "usage.connector_tokens", (u, n) -> u.seen.addedInput = n)
                .on(at + "usage.connectors.**", Mistral::connector);
    }

    private static void connector(OpenAiUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        usage.seen.tools.add(Kind.OTHER_TOOL, Math.max(0, Json.count(token, parser)));
    }
}
