package weir.provider;

import java.util.List;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What the answers to {@code predict} say they used: images by their number, text that was embedded
 * by its tokens. Shapes: google-genai 3.4.0, {@code models.py}, {@code
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

    @Override
    public void begin() {
        // One document, and nothing before it.
    }

    @Override
    public void end() {
        read = true;
    }

    @Override
    public boolean onlyUsage() {
        return false;
    }

    @Override
    public void sentinel() {
        // No stream, so no mark of its end.
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
