package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import weir.usage.Kind;

/**
 * Groq's API, below {@code /openai/v1}: its own SDK adds that to the base URL, OpenAI's does not.
 * Operations and shapes: groq 1.7.0, {@code resources/}, {@code
 * types/chat/chat_completion_chunk.py} and {@code chat_completion_message.py}.
 *
 * <p>A stream's last chunk says its usage in {@code x_groq}, unasked; whoever asks gets the same
 * again in {@code usage}, so both are written to one place and count once. A compound works with
 * several models and tools and tells which: each model has its own price, and tools have theirs.
 * Errors inside a stream ({@code x_groq.error}) end it without usage.
 */
final class Groq {
    /** What it is said to bill for the shortest sound. */
    private static final long LEAST_AUDIO_MILLIS = 10_000;

    /** Only its longest answers say how long the sound was. */
    private static final Reading AUDIO = OpenAiAudio.reading(Set.of("verbose_json"));

    private static final Map<String, Endpoint> POST =
            Map.ofEntries(
                    entry("chat/completions", new Endpoint("chat.completions", METERED)),
                    entry("responses", new Endpoint("responses", METERED)),
                    entry("embeddings", new Endpoint("embeddings", METERED)),
                    entry("audio/speech", new Endpoint("audio.speech", METERED)),
                    entry("audio/transcriptions", new Endpoint("audio.transcriptions", METERED)),
                    entry("audio/translations", new Endpoint("audio.translations", METERED)),
                    entry("batches", OpenAiBatch.CREATE),
                    entry("files", OpenAi.FILES));

    static final Flavour FLAVOUR =
            new Flavour.Builder("groq", "https://api.groq.com")
                    .operation(path -> Paths.operation(path, "openai/"))
                    .post(POST)
                    .readable("models", "files", "batches", "responses")
                    .reading(
                            "chat.completions",
                            new Reading(OpenAiRequest.CHAT, "max_completion_tokens", Groq::finish))
                    .reading("audio.transcriptions", AUDIO)
                    .reading("audio.translations", AUDIO)
                    .leastAudio(LEAST_AUDIO_MILLIS)
                    .quirks(new Quirks(Groq::more, (shape, seen, peek) -> {}, "executed_tools"))
                    .build();

    private Groq() {}

    /** A compound chooses its models and tools itself. */
    private static void finish(Request request) {
        OpenAiRequest.finishChat(request);
        String model = request.name();
        if (model.startsWith("compound-") || model.startsWith("groq/compound")) {
            request.serverTools = true;
            request.otherModel(Peek.ANY);
        }
    }

    private static Fields.Builder<OpenAiUsage> more(Fields.Builder<OpenAiUsage> fields, String at) {
        if (!at.isEmpty()) {
            return fields;
        }
        usage(fields, "x_groq.usage.");
        parts(fields, "usage_breakdown.models[]");
        parts(fields, "x_groq.usage_breakdown.models[]");
        tools(fields, "choices[].message.executed_tools[]");
        return tools(fields, "choices[].delta.executed_tools[]");
    }

    private static void usage(Fields.Builder<OpenAiUsage> fields, String at) {
        fields.count(at + "prompt_tokens", (u, n) -> u.seen.input = n)
                .count(at + "prompt_tokens_details.cached_tokens", (u, n) -> u.seen.cached = n)
                .count(at + "completion_tokens", (u, n) -> u.seen.output = n)
                .count(
                        at + "completion_tokens_details.reasoning_tokens",
                        (u, n) -> u.seen.reasoning = n);
    }

    private static void parts(Fields.Builder<OpenAiUsage> fields, String at) {
        String usage = at + ".usage.";
        fields.on(at, (u, token, parser) -> u.seen.parts.add(new OpenAiSeen.Part()))
                .text(at + ".model", (u, model) -> u.seen.part().model = model)
                .count(usage + "prompt_tokens", (u, n) -> u.seen.part().input = n)
                .count(
                        usage + "prompt_tokens_details.cached_tokens",
                        (u, n) -> u.seen.part().cached = n)
                .count(usage + "completion_tokens", (u, n) -> u.seen.part().output = n)
                .count(
                        usage + "completion_tokens_details.reasoning_tokens",
                        (u, n) -> u.seen.part().reasoning = n);
    }

    private static Fields.Builder<OpenAiUsage> tools(
            Fields.Builder<OpenAiUsage> fields, String at) {
        return fields.count(at + ".index", (u, index) -> u.toolIndex = index)
                .on(at + ".type", Groq::tool);
    }

    /** Types are no closed list: what looks like none of these costs as the dearest tool does. */
    private static void tool(OpenAiUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        String type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        usage.executed(
                type.contains("search")
                        ? Kind.WEB_SEARCH
                        : type.contains("open") || type.contains("visit")
                                ? Kind.PAGE_VISIT
                                : type.contains("python") || type.contains("code")
                                        ? Kind.CODE_RUN
                                        : Kind.OTHER_TOOL);
    }
}
