package weir.provider;

import static weir.provider.Endpoint.Cost.METERED;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.provider.PeekResult.Malformed;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * OpenAI's Realtime API: one session. Events: openai-python 3.54.0, {@code types/realtime}.
 *
 * <h2>Turns</h2>
 *
 * <p>The caller asks for one with {@code response.create}, or the provider begins one when the
 * caller stops speaking; both are told of by {@code response.created} and end with {@code
 * response.done}, whatever became of them. One that was asked for may be refused with an {@code
 * error} instead. Several at once are possible outside the conversation.
 *
 * <h2>Usage</h2>
 *
 * <p>{@code response.done} has that of its turn. Cached tokens are inside the input and inside each
 * modality of it. What the caller says may be transcribed beside, by a model of its own: {@code
 * session.created} and {@code session.updated} say which, and the end of each transcription has its
 * usage, in tokens or in seconds.
 */
final class Realtime implements SessionReader {
    static final Endpoint ENDPOINT = new Endpoint("realtime", METERED);

    private static final Fields<Event> CALLERS =
            new Fields.Builder<Event>().text("type", Event::type).build();

    private static final Fields<Event> PROVIDERS = providers();

    private final List<UsageLine> used = new ArrayList<>(1);
    private String model;
    private String transcriber = "";
    private int asked;
    private int begun;
    private @Nullable BodyReader<Event> fromCaller;
    private @Nullable BodyReader<Event> fromProvider;

    Realtime(Peek peek) {
        this.model = peek.model();
    }

    /**
     * What the request says: the model, which the query names.
     *
     * @param names of parameters that may name it
     */
    static PeekResult peek(String target, List<String> names) {
        Map<String, List<String>> query = new QueryStringDecoder(target).parameters();
        List<String> models = new ArrayList<>();
        names.forEach(name -> models.addAll(query.getOrDefault(name, List.of())));
        if (models.size() > 1) {
            return new Malformed("the query names more than one model", null);
        }
        // A call that was begun elsewhere is joined by its id, and is not paid for here alone.
        boolean joined = query.containsKey("call_id");
        return Peek.ofSession(models.isEmpty() || joined ? "" : models.getFirst(), false);
    }

    @Override
    public void read(Side side, Buffer piece) {
        switch (side) {
            case CALLER -> fromCaller = read(side, fromCaller, piece);
            case PROVIDER -> fromProvider = read(side, fromProvider, piece);
        }
    }

    private BodyReader<Event> read(Side side, @Nullable BodyReader<Event> begun, Buffer piece) {
        Fields<Event> fields = side == Side.CALLER ? CALLERS : PROVIDERS;
        BodyReader<Event> reader =
                begun == null ? new BodyReader<>(fields, new Event(side)) : begun;
        reader.read(piece);
        return reader;
    }

    @Override
    public void end(Side side) {
        BodyReader<Event> message = side == Side.CALLER ? fromCaller : fromProvider;
        if (message != null) {
            message.end();
        }
        switch (side) {
            case CALLER -> fromCaller = null;
            case PROVIDER -> fromProvider = null;
        }
    }

    @Override
    public int underWay() {
        return asked + begun;
    }

    @Override
    public List<UsageLine> takeUsed() {
        List<UsageLine> taken = List.copyOf(used);
        used.clear();
        return taken;
    }

    private static Fields<Event> providers() {
        Fields.Builder<Event> fields =
                new Fields.Builder<Event>()
                        .text("type", Event::type)
                        .text("session.model", (e, model) -> e.model = model)
                        .text(
                                "session.input_audio_transcription.model",
                                (e, model) -> e.transcriber = model)
                        .text(
                                "session.audio.input.transcription.model",
                                (e, model) -> e.transcriber = model)
                        .count("usage.seconds", (e, n) -> e.millis = n * 1_000);
        for (String at : List.of("response.usage.", "usage.")) {
            String in = at + "input_token_details.";
            fields.count(at + "input_tokens", (e, n) -> e.input = n)
                    .count(at + "output_tokens", (e, n) -> e.output = n)
                    .count(in + "audio_tokens", (e, n) -> e.audio = n)
                    .count(in + "image_tokens", (e, n) -> e.image = n)
                    .count(in + "cached_tokens", (e, n) -> e.cached = n)
                    .count(in + "cached_tokens_details.audio_tokens", (e, n) -> e.cachedAudio = n)
                    .count(in + "cached_tokens_details.image_tokens", (e, n) -> e.cachedImage = n)
                    .count(in + "cached_tokens_details.text_tokens", (e, n) -> e.cachedText = n)
                    .count(at + "output_token_details.audio_tokens", (e, n) -> e.audioOutput = n);
        }
        return fields.build();
    }

    /** One message. */
    private final class Event implements Findings {
        private final Side side;
        private boolean asks;
        private String type = "";
        private @Nullable String model;
        private String transcriber = "";
        private long input = -1;
        private long audio;
        private long image;
        private long cached;
        private long cachedAudio;
        private long cachedImage;
        private long cachedText;
        private long output;
        private long audioOutput;
        private long millis;

        Event(Side side) {
            this.side = side;
        }

        /** Whichever the receiver takes, should it be given twice. */
        void type(String given) {
            type = given;
            asks |= given.equals("response.create");
        }

        @Override
        public void end() {
            switch (side) {
                case CALLER -> asked += asks ? 1 : 0;
                case PROVIDER -> told();
            }
        }

        private void told() {
            switch (type) {
                case "session.created", "session.updated" -> {
                    Realtime.this.model = model == null ? Realtime.this.model : model;
                    Realtime.this.transcriber = transcriber;
                }
                case "response.created" -> {
                    asked = Math.max(0, asked - 1);
                    begun++;
                }
                case "response.done" -> {
                    begun = Math.max(0, begun - 1);
                    use(Realtime.this.model);
                }
                case "conversation.item.input_audio_transcription.completed" ->
                        use(Realtime.this.transcriber);
                case "error" -> asked = Math.max(0, asked - 1);
                default -> {}
            }
        }

        private void use(String by) {
            if (input < 0 && millis == 0) {
                return;
            }
            Usage.Tally tally = new Usage.Tally();
            long fresh = Math.max(0, input) - Math.min(cached, Math.max(0, input));
            new Shares(tally, Math.max(0, input) - fresh)
                    .take(Kind.CACHED_AUDIO_INPUT, cachedAudio)
                    .take(Kind.CACHED_IMAGE_INPUT, cachedImage)
                    .take(Kind.CACHED_TEXT_INPUT, cachedText)
                    .rest(Kind.CACHED_INPUT);
            new Shares(tally, fresh)
                    .take(Kind.AUDIO_INPUT, audio - cachedAudio)
                    .take(Kind.IMAGE_INPUT, image - cachedImage)
                    .rest(Kind.INPUT);
            new Shares(tally, output).take(Kind.AUDIO_OUTPUT, audioOutput).rest(Kind.OUTPUT);
            tally.set(Kind.AUDIO_MILLIS, millis);
            used.add(new UsageLine(by, tally.toUsage(), List.of()));
        }

        /** What is used is told turn by turn. */
        @Override
        public UsageReport report(long outputBytes) {
            return new UsageReport(List.of(), false, 0);
        }
    }
}
