package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * Transcriptions and translations in OpenAI's dialect: a {@link Form} with a sound file, and what
 * the answer says that it used. Shapes: openai-python 3.54.0, {@code
 * types/audio/transcription_create_params.py}, {@code transcription.py}, {@code
 * transcription_verbose.py}, {@code transcription_text_done_event.py}; mistralai 3.7.0, {@code
 * models/transcriptionresponse.py}; groq says {@code duration} in {@code verbose_json} only.
 *
 * <p>Models of one kind bill tokens, those of another the time of the sound. Time is bounded by the
 * bytes of the file ({@link #LEAST_BYTES_A_SECOND}), and charged as the answer tells it; an answer
 * in a format that tells nothing is unmetered, and so is a sound that is not in the form (a URL, a
 * stored file), which has no bound.
 */
final class OpenAiAudio implements Findings {
    /**
     * The narrowest codecs for speech make 4.75 kilobits a second. What compresses silence better
     * goes beyond what is reserved, and is charged all the same.
     */
    static final long LEAST_BYTES_A_SECOND = 500;

    /** Models that bill tokens, and say so in the answer. */
    private static final String BY_TOKENS = "gpt-4o";

    private static final Set<String> DONE = Set.of("transcript.text.done", "transcription.done");
    private static final String USUAL_FORMAT = "json";

    static final Fields<OpenAiAudio> FIELDS =
            new Fields.Builder<OpenAiAudio>()
                    .text("type", (a, type) -> a.done = DONE.contains(type))
                    .count("usage.input_tokens", (a, n) -> a.input = n)
                    .count("usage.input_token_details.audio_tokens", (a, n) -> a.audio = n)
                    .count("usage.output_tokens", (a, n) -> a.output = n)
                    .count("usage.prompt_tokens", (a, n) -> a.input = n)
                    .count("usage.completion_tokens", (a, n) -> a.output = n)
                    .on("usage.seconds", OpenAiAudio::seconds)
                    .on("usage.prompt_audio_seconds", OpenAiAudio::seconds)
                    .on("duration", OpenAiAudio::seconds)
                    .build();

    private final Peek peek;
    private final boolean events;
    private final long leastMillis;
    private boolean done;
    private boolean complete;
    private long input = -1;
    private long audio;
    private long output = -1;
    private long millis = -1;

    /**
     * Of one answer.
     *
     * @param leastMillis what is billed for any sound, however short
     */
    OpenAiAudio(Peek peek, boolean events, long leastMillis) {
        this.peek = peek;
        this.events = events;
        this.leastMillis = leastMillis;
    }

    /**
     * How requests are read.
     *
     * @param telling the formats of answers that tell what was used
     */
    static Reading reading(Set<String> telling) {
        Fields.Builder<Request> fields =
                OpenAiRequest.common()
                        .on(
                                "file",
                                RequestFields.whole(
                                        "file", 0, Integer.MAX_VALUE, OpenAiAudio::heard))
                        .on(
                                "response_format",
                                RequestFields.text(
                                        "response_format",
                                        (r, word) -> {
                                            r.structured = true;
                                            r.unmetered |= !telling.contains(word);
                                        }));
        return new Reading(
                fields.build(),
                null,
                request -> {
                    boolean silent = !request.structured && !telling.contains(USUAL_FORMAT);
                    boolean elsewhere = request.media.amount(Kind.AUDIO_MILLIS) == 0;
                    request.unmetered |= silent || elsewhere;
                    request.hiddenOutput = true;
                });
    }

    private static void heard(Request request, long bytes) {
        request.media.set(Kind.AUDIO_MILLIS, bytes * 1_000 / LEAST_BYTES_A_SECOND);
        request.extraInputTokens += bytes;
    }

    private static void seconds(OpenAiAudio audio, JsonToken token, JsonParser parser)
            throws IOException {
        audio.millis = Math.max(audio.millis, Json.millis(token, parser));
    }

    @Override
    public void begin() {
        done = false;
    }

    @Override
    public void end() {
        boolean counted = peek.model().contains(BY_TOKENS) && input >= 0 && output >= 0;
        complete |= (done || !events) && (millis >= 0 || counted);
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (!complete) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        long heard = Math.clamp(audio, 0, Math.max(0, input));
        Usage.Tally tally = new Usage.Tally();
        tally.set(Kind.AUDIO_MILLIS, millis < 0 ? 0 : Math.max(millis, leastMillis))
                .set(Kind.AUDIO_INPUT, heard)
                .set(Kind.INPUT, Math.max(0, input) - heard)
                .set(Kind.OUTPUT, Math.max(0, output));
        UsageLine line = new UsageLine(peek.model(), tally.toUsage(), peek.terms());
        return new UsageReport(List.of(line), true, outputBytes);
    }
}
