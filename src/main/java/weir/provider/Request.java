package weir.provider;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.provider.PeekResult.Malformed;
import weir.usage.Usage;

/**
 * A request body while it is being peeked at: what was found so far, and the first thing that is
 * wrong.
 *
 * <p>Fields that limits rest on are read strictly. What the provider would reject, or read in
 * another way than Weir, is refused here: it must not pass a budget as one thing and arrive as
 * another.
 */
final class Request {
    /** The largest output cap that is taken seriously: no model comes near it. */
    static final long MAX_CAP = 1_000_000_000;

    /**
     * Choices in one request: OpenAI allows 128, its imitators seldom more; the product stays in an
     * int.
     */
    static final long MAX_CHOICES = 1_024;

    private final byte[] body;
    private @Nullable Malformed problem;

    @Nullable String model;
    boolean stream;
    long cap = -1;
    final List<OutputCap.Named> caps = new ArrayList<>();

    /** Where the cap that this endpoint reads is said to be null; -1 where it is absent. */
    int nullCapAt = -1;

    /** Where the object begins that the cap stands in, behind its brace; -1 where there is none. */
    int capObjectAt = -1;

    /** Below which a cap makes no sense. */
    long leastCap;

    /** Of a batch; its choices are those of all of them. */
    int requests = 1;

    long choices = 1;
    long candidates = 1;
    long prompts;
    boolean hasTools;

    /** Whether output that breaks off cannot be read, because it is to be JSON. */
    boolean structured;

    /** Whether the request says that the model shall not reason. */
    boolean effortNone;

    /** Whether the model thinks, or may, in tokens that are billed and not shown. */
    boolean thinks;

    /** Whether other output is billed than the text that is shown: speech, rejected predictions. */
    boolean hiddenOutput;

    /** Whether the model's name is the account's own, and tells nothing of the model. */
    boolean nicknamed;

    /** Images that the body holds. */
    long images;

    long extraInputTokens;

    /** The most that is billed by the piece, length or time. */
    final Usage.Tally media = new Usage.Tally();

    boolean unseenInput;
    boolean serverTools;
    boolean unmetered;

    /** Whether the answer comes before the work is done. */
    boolean background;

    /** Whether the list element being read has not said yet what it is. */
    boolean nameless;

    /**
     * Whether the vendor may make images with another model, which {@link #otherModel} may have
     * named.
     */
    boolean makesImages;

    @Nullable String capName;
    private boolean asksForUsage;
    private @Nullable UsageAsk usageAsk;
    private final List<String> terms = new ArrayList<>();
    final List<String> otherModels = new ArrayList<>();

    Request(byte[] body) {
        this.body = body;
    }

    /**
     * Reads a body against a table of fields.
     *
     * @param fields a table that begins with {@link #model} and {@code stream}
     * @param capName the field in which this endpoint reads a limit on output, of the document or
     *     of an object in it ({@code inferenceConfig.maxTokens}); null where it has none
     * @param finish is called once all is read, and may set what stands elsewhere
     */
    static PeekResult peek(
            Fields<Request> fields,
            byte[] body,
            @Nullable String capName,
            Consumer<Request> finish) {
        Request request = new Request(body);
        request.capName = capName;
        Malformed problem = request.firstByteProblem();
        if (problem == null) {
            problem = request.read(fields);
        }
        if (problem != null) {
            return problem;
        }
        finish.accept(request);
        String model = request.model;
        if (model == null) {
            return new Malformed("model is missing: it must be the name of a model", "model");
        }
        return request.toPeek(model);
    }

    private @Nullable Malformed read(Fields<Request> fields) {
        Fields.Walk<Request> walk = fields.walk(this);
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
                if (walk.done()) {
                    return new Malformed(
                            "the body goes on after its JSON object, at byte " + offset(parser),
                            null);
                }
                walk.accept(t, parser);
                String repeated = walk.repeated();
                if (problem == null && repeated != null) {
                    problem =
                            new Malformed(
                                    repeated + " may occur only once, found twice", top(repeated));
                }
                if (problem != null) {
                    return problem;
                }
            }
        } catch (JsonProcessingException e) {
            // Not the parser's own words: they quote the body, and messages end up in logs.
            JsonLocation place = e.getLocation();
            String where = place == null ? "" : ", at byte " + place.getByteOffset();
            return new Malformed(
                    "the body must be one JSON object in UTF-8, found an error" + where, null);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        return walk.done() ? null : new Malformed("the body is not a complete JSON object", null);
    }

    /**
     * Only UTF-8 that begins with an object is accepted. The parser would also read UTF-16 and
     * UTF-32, which it tells by zeros among the first four bytes; no provider does.
     */
    private @Nullable Malformed firstByteProblem() {
        int first = UsageAsk.skipSpace(body, 0);
        boolean wide = false;
        for (int i = 0; i < Math.min(4, body.length); i++) {
            wide |= body[i] == 0;
        }
        return first < body.length && body[first] == '{' && !wide
                ? null
                : new Malformed("the body must be a JSON object in UTF-8", null);
    }

    private Peek toPeek(String name) {
        return new Peek(
                name,
                stream,
                body.length,
                cap < 0 ? OptionalLong.empty() : OptionalLong.of(cap),
                requests,
                (int)
                        Math.min(
                                Integer.MAX_VALUE,
                                Math.max(choices, candidates) * Math.max(1, prompts)),
                extraInputTokens,
                unseenInput,
                serverTools,
                media.toUsage(),
                terms,
                unmetered,
                otherModels,
                !thinks && !hiddenOutput && candidates <= choices && worksAlone(),
                hasTools || structured || !worksAlone() ? null : lowerCap(),
                stream && asksForUsage ? usageAsk().edit() : null);
    }

    /** Whether one model does it all, and in one go. */
    private boolean worksAlone() {
        return !serverTools && !unmetered && !background && otherModels.isEmpty();
    }

    private @Nullable OutputCap lowerCap() {
        return capName == null ? null : new OutputCap(caps, gap(capName), leastCap);
    }

    private OutputCap.Gap gap(String name) {
        if (nullCapAt >= 0) {
            return new OutputCap.Gap(nullCapAt, nullCapAt + "null".length(), "", "");
        }
        int dot = name.indexOf('.');
        String member = "\"" + name.substring(dot + 1) + "\":";
        if (dot >= 0 && capObjectAt < 0) {
            return member("\"" + name.substring(0, dot) + "\":{" + member, "}", brace() + 1);
        }
        return member(member, "", dot < 0 ? brace() + 1 : capObjectAt);
    }

    /** One more member, the first of an object. */
    private OutputCap.Gap member(String before, String after, int at) {
        boolean only = body[UsageAsk.skipSpace(body, at)] == '}';
        return new OutputCap.Gap(at, at, before, after + (only ? "" : ","));
    }

    private int brace() {
        return UsageAsk.skipSpace(body, 0);
    }

    /** For endpoints that report the usage of a stream only when asked. */
    void askForUsage() {
        asksForUsage = true;
    }

    UsageAsk usageAsk() {
        if (usageAsk == null) {
            usageAsk = new UsageAsk(body);
        }
        return usageAsk;
    }

    void term(String term) {
        terms.add(term);
    }

    void otherModel(String other) {
        otherModels.add(other);
    }

    /**
     * Whether the string at the parser's position begins with {@code data:}, read from the body
     * itself: behind it may be megabytes, which the parser would decode first.
     */
    boolean isDataUrl(JsonParser parser) {
        int at = (int) offset(parser) + 1;
        String scheme = "data:";
        for (int i = 0; i < scheme.length(); i++) {
            if (at + i >= body.length || Character.toLowerCase(body[at + i]) != scheme.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The model's name, empty while none is known. */
    String name() {
        return model == null ? "" : model;
    }

    boolean isWrong() {
        return problem != null;
    }

    void wrong(String field, String allowed, JsonToken found) {
        if (problem == null) {
            String what = Json.kind(found);
            problem = new Malformed(field + " must be " + allowed + ", found " + what, top(field));
        }
    }

    private static String top(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    /** Where in the body the parser's token begins. */
    static long offset(JsonParser parser) {
        return parser.currentTokenLocation().getByteOffset();
    }
}
