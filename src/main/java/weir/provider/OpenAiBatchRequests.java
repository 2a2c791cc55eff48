package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.provider.PeekResult.Malformed;
import weir.usage.Kind;
import weir.usage.Usage;

/**
 * The file with a batch's requests, one a line: {@code {"custom_id", "method", "url", "body"}}.
 *
 * <p>Each body is peeked at as if it had come alone, and what limits need is summed up: the batch
 * is quoted like one request that asks for all their answers, each with the mean of their caps. A
 * line that the vendor may read in another way than Weir makes the batch malformed; it would fail
 * there as well.
 */
final class OpenAiBatchRequests implements PeekResult.FileReader, Lines.Sink {
    private final Flavour flavour;
    private final Endpoint kind;
    private final Fields<Request> fields;
    private final Lines lines = new Lines(this);
    private @Nullable Malformed problem;

    /** Of the line being read. */
    private @Nullable String url;

    private long line;
    private @Nullable String model;
    private final Set<String> others = new LinkedHashSet<>();
    private final Set<String> terms = new LinkedHashSet<>(List.of(OpenAiBatch.TERM));
    private final Usage.Tally media = new Usage.Tally();
    private long bytes;
    private int requests;
    private long choices;
    private long caps;
    private boolean capped = true;
    private long extraInputTokens;
    private boolean unseenInput;
    private boolean serverTools;
    private boolean unmetered;

    private OpenAiBatchRequests(Flavour flavour, Endpoint kind, Fields<Request> body) {
        this.flavour = flavour;
        this.kind = kind;
        this.fields =
                new Fields.Builder<>("body", body)
                        .on("url", RequestFields.text("url", (r, text) -> url = text))
                        .build();
    }

    /**
     * Of one batch.
     *
     * @param url what all requests of the batch ask for, {@code /v1/chat/completions}
     * @return null where Weir does not read such batches
     */
    static @Nullable OpenAiBatchRequests of(Flavour flavour, String url) {
        Endpoint kind = OpenAiBatch.kind(flavour, url);
        return kind == null
                ? null
                : new OpenAiBatchRequests(flavour, kind, flavour.reading(kind).fields());
    }

    @Override
    public void read(Buffer chunk) {
        if (problem == null) {
            lines.read(chunk);
        }
    }

    @Override
    public int heldBytes() {
        return lines.heldBytes();
    }

    @Override
    public @Nullable Malformed problem() {
        return problem;
    }

    @Override
    public void tooLong() {
        line++;
        wrong("longer than " + (Lines.MAX_BYTES >> 20) + " MiB");
    }

    @Override
    public void line(byte[] text, int length) {
        line++;
        if (problem != null || isBlank(text, length)) {
            return;
        }
        url = null;
        byte[] request = Arrays.copyOf(text, length);
        switch (flavour.peek(kind, fields, request)) {
            case Malformed malformed -> wrong(malformed.message());
            case PeekResult.InFile file -> wrong("a batch in itself");
            case Peek peek -> add(peek);
        }
        if (url != null && !kind.equals(OpenAiBatch.kind(flavour, url))) {
            wrong("for another url than the batch's endpoint");
        }
    }

    private static boolean isBlank(byte[] text, int length) {
        return UsageAsk.skipSpace(text, 0) >= length;
    }

    private void wrong(String what) {
        if (problem == null) {
            problem =
                    new Malformed(
                            "line " + line + " of the batch's file is refused: " + what,
                            "input_file_id");
        }
    }

    private void add(Peek peek) {
        model = model == null ? peek.model() : model;
        others.add(peek.model());
        others.addAll(peek.otherModels());
        terms.addAll(peek.terms());
        for (Kind of : Kind.ALL) {
            media.add(of, peek.media().amount(of));
        }
        bytes += peek.bodyBytes();
        requests++;
        choices += peek.choices();
        capped &= peek.outputCap().isPresent();
        caps += peek.outputCap().orElse(0) * peek.choices();
        extraInputTokens += peek.extraInputTokens();
        unseenInput |= peek.unseenInput();
        serverTools |= peek.serverTools();
        unmetered |= peek.unmetered();
    }

    @Override
    public PeekResult end() {
        lines.end();
        if (problem != null) {
            return problem;
        }
        if (model == null) {
            return new Malformed("the batch's file holds no requests", "input_file_id");
        }
        others.remove(model);
        long cap = Math.ceilDiv(caps, choices);
        return new Peek(
                model,
                false,
                bytes,
                capped ? OptionalLong.of(cap) : OptionalLong.empty(),
                requests,
                (int) Math.min(Integer.MAX_VALUE, choices),
                extraInputTokens,
                unseenInput,
                serverTools,
                media.toUsage(),
                List.copyOf(terms),
                unmetered,
                Peek.ofBatch(others),
                false,
                null,
                null);
    }
}
