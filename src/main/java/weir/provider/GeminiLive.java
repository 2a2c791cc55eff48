package weir.provider;

import static weir.provider.Endpoint.Cost.METERED;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * Google's Live API: one session. Messages: google-genai 3.4.0, {@code live.py} and {@code
 * types.py}, {@code LiveClientMessage} and {@code LiveServerMessage}.
 *
 * <p>The caller's first message is the setup, which names the model. The model makes one turn at a
 * time; what the caller says meanwhile interrupts it. {@code usageMetadata} is that of a turn,
 * whole context included, and not a sum over the session: so each report counts. A turn's searches
 * come before it.
 */
final class GeminiLive implements SessionReader {
    private static final Endpoint ENDPOINT = new Endpoint("live", METERED);

    /** Not the method for tokens that were made for browsers: those have terms of their own. */
    private static final Pattern PATH =
            Pattern.compile(
                    "/ws/google\\."
                            + "(?:ai\\.generativelanguage\\.v1[a-z0-9]{0,9}\\.GenerativeService\\."
                            + "|cloud\\.aiplatform\\.v1[a-z0-9]{0,9}\\.LlmBidiService/)"
                            + "BidiGenerateContent");

    private static final Pattern MODEL =
            Pattern.compile(
                    "(?:projects/[\\w.:-]+/locations/[\\w-]+/)?(?:publishers/google/)?models/"
                            + "([\\w.@-]+)");

    private static final Fields<Request> SETUP = setup();
    private static final Fields<Said> CALLERS = callers();
    private static final Fields<GeminiUsage> PROVIDERS = providers();

    private final Peek peek;
    private final List<UsageLine> used = new ArrayList<>(1);
    private GeminiUsage turn;
    private boolean asked;
    private boolean atWork;
    private @Nullable BodyReader<Said> fromCaller;
    private @Nullable BodyReader<GeminiUsage> fromProvider;

    GeminiLive(Peek peek) {
        this.peek = peek;
        this.turn = nextTurn();
    }

    private GeminiUsage nextTurn() {
        return new GeminiUsage(peek, MultiMap.caseInsensitiveMultiMap());
    }

    /** The endpoint that sessions are opened at; null for another path. */
    static @Nullable Endpoint endpoint(String path) {
        return PATH.matcher(path).matches() ? ENDPOINT : null;
    }

    static boolean is(Endpoint endpoint) {
        return endpoint.equals(ENDPOINT);
    }

    private static Fields<Request> setup() {
        Fields.Builder<Request> fields =
                new Fields.Builder<Request>()
                        .on("setup.model", RequestFields.text("setup.model", GeminiLive::named));
        GeminiRequest.tools(fields, "setup.");
        return fields.build();
    }

    private static void named(Request request, String model) {
        Matcher own = MODEL.matcher(model);
        request.model = own.matches() ? own.group(1) : model;
    }

    /** What the caller's first message says. */
    static PeekResult peek(Buffer message) {
        PeekResult seen = Request.peek(SETUP, Bytes.of(message), null, request -> {});
        return seen instanceof Peek setup
                ? Peek.ofSession(setup.model(), setup.serverTools())
                : seen;
    }

    @Override
    public void read(Side side, Buffer piece) {
        switch (side) {
            case CALLER -> {
                if (fromCaller == null) {
                    fromCaller = new BodyReader<>(CALLERS, new Said());
                }
                fromCaller.read(piece);
            }
            case PROVIDER -> {
                if (fromProvider == null) {
                    fromProvider = new BodyReader<>(PROVIDERS, turn);
                }
                fromProvider.read(piece);
            }
        }
    }

    @Override
    public void end(Side side) {
        UsageReader message = side == Side.CALLER ? fromCaller : fromProvider;
        if (message != null) {
            message.end();
        }
        switch (side) {
            case CALLER -> fromCaller = null;
            case PROVIDER -> {
                fromProvider = null;
                told();
            }
        }
    }

    private void told() {
        if (turn.atWork) {
            asked &= atWork;
            atWork = true;
        }
        if (turn.turnEnds) {
            atWork = false;
        }
        turn.atWork = false;
        turn.turnEnds = false;
        List<UsageLine> lines = turn.report(0).lines();
        if (!lines.isEmpty()) {
            used.addAll(lines);
            turn = nextTurn();
        }
    }

    @Override
    public int underWay() {
        return (asked ? 1 : 0) + (atWork ? 1 : 0);
    }

    @Override
    public List<UsageLine> takeUsed() {
        List<UsageLine> taken = List.copyOf(used);
        used.clear();
        return taken;
    }

    private static Fields<Said> callers() {
        Fields.Builder<Said> fields = new Fields.Builder<>();
        GeminiRequest.each(
                "",
                "clientContent",
                path ->
                        GeminiRequest.each(
                                path + ".",
                                "turnComplete",
                                flag ->
                                        fields.on(
                                                flag,
                                                (said, token, parser) ->
                                                        said.asks |=
                                                                token == JsonToken.VALUE_TRUE)));
        return fields.build();
    }

    private static Fields<GeminiUsage> providers() {
        Fields.Builder<GeminiUsage> fields =
                GeminiUsage.fields()
                        .on("serverContent.modelTurn", (u, token, parser) -> u.atWork = true)
                        .on("toolCall", (u, token, parser) -> u.atWork = true)
                        .on(
                                "serverContent.turnComplete",
                                (u, token, parser) -> u.turnEnds |= token == JsonToken.VALUE_TRUE);
        GeminiUsage.grounding(fields, "serverContent.groundingMetadata.");
        return fields.build();
    }

    /** One message of the caller's. */
    private final class Said implements Findings {
        private boolean asks;

        @Override
        public void end() {
            asked |= asks;
        }

        /** What is used is told by the provider. */
        @Override
        public UsageReport report(long outputBytes) {
            return new UsageReport(List.of(), false, 0);
        }
    }
}
