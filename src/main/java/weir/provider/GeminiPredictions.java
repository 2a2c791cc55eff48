package weir.provider;

import java.util.List;
import java.util.regex.Pattern;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What {@code predict} is asked for, and what its answers say they used: images by their number,
 * text that was embedded by its tokens. Shapes: google-genai 3.4.0, {@code models.py}, {@code
 * _EmbedContentResponse_from_vertex} and {@code _ContentEmbedding_from_vertex}; Imagen's API
 * reference.
 */
final class GeminiPredictions implements Findings {
    static final Fields<GeminiPredictions> FIELDS =
            new Fields.Builder<GeminiPredictions>()
                    .on("predictions[]", (p, token, parser) -> p.predictions++)
                    .count(
                            "predictions[].embeddings.statistics.token_count",
                            (p, n) -> {
                                p.counted++;
                                p.tokens += n;
                            })
                    .build();

    /**
     * Imagen makes four images where it is not told how many (Imagen's API reference, {@code
     * sampleCount}).
     */
    static final long DEFAULT_IMAGES = 4;

    /** Models that {@code predict} makes images with, billed by the piece. */
    private static final Pattern MAKES_IMAGES = Pattern.compile("(imagen|virtual-try-on).*");

    /** Models that {@code predict} embeds text with, billed by tokens. */
    private static final Pattern EMBEDS_TEXT =
            Pattern.compile("(text-|textembedding-|gemini-)?(multilingual-)?embedding.*");

    private static final Fields<Request> ASK = asked();

    private final Peek peek;
    private final boolean images;
    private long predictions;
    private long counted;
    private long tokens;
    private boolean read;

    GeminiPredictions(Peek peek) {
        this.peek = peek;
        this.images = peek.media().amount(Kind.IMAGES) > 0;
    }

    private static Fields<Request> asked() {
        Fields.Builder<Request> fields =
                new Fields.Builder<Request>().on("instances[]", (r, token, parser) -> r.prompts++);
        GeminiRequest.each("parameters.", "sampleCount", path -> fields.on(path, images(path)));
        return fields.build();
    }

    private static Fields.Handler<Request> images(String path) {
        return RequestFields.whole(
                path,
                1,
                Request.MAX_CHOICES,
                (r, n) -> r.media.set(Kind.IMAGES, Math.max(n, r.media.amount(Kind.IMAGES))));
    }

    /** Whether {@code predict} of this model has a price that its body tells. */
    static boolean knows(String model) {
        return makesImages(model) || EMBEDS_TEXT.matcher(model).matches();
    }

    private static boolean makesImages(String model) {
        return MAKES_IMAGES.matcher(model).matches();
    }

    static PeekResult peek(GooglePath call, byte[] body) {
        return Request.peek(ASK, body, null, r -> finish(r, call));
    }

    private static void finish(Request request, GooglePath call) {
        GeminiRequest.named(request, call, 0);
        long each = request.media.amount(Kind.IMAGES);
        if (makesImages(call.model())) {
            each = (each == 0 ? DEFAULT_IMAGES : each) * Math.max(1, request.prompts);
            request.media.set(Kind.IMAGES, each);
        } else {
            request.media.set(Kind.IMAGES, 0);
        }
        request.prompts = 0;
    }

    @Override
    public void end() {
        read = true;
    }

    @Override
    public UsageReport report(long outputBytes) {
        boolean complete = read && (images || (predictions > 0 && counted == predictions));
        if (!complete) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        Usage usage = images ? Usage.of(Kind.IMAGES, predictions) : Usage.of(Kind.INPUT, tokens);
        return new UsageReport(
                List.of(new UsageLine(peek.model(), usage, peek.terms())), true, outputBytes);
    }
}
