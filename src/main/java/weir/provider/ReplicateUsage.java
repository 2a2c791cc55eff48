package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What Replicate's predictions say they used: seconds on hardware, tokens of language models,
 * pieces of output. The price of the model tells which of these cost anything.
 *
 * <p>The report is complete once the prediction has succeeded or was cancelled and says how long it
 * ran, or was aborted before it began, which is free. Whether a failed one is billed is not known:
 * its time is charged where it tells it, else the worst case.
 */
final class ReplicateUsage implements Findings {
    private static final Set<String> UNDER_WAY = Set.of("starting", "processing");

    static final Fields<ReplicateUsage> FIELDS =
            new Fields.Builder<ReplicateUsage>()
                    .text("id", (u, id) -> u.id = id)
                    .text("status", (u, status) -> u.status = status)
                    .on("metrics.predict_time", ReplicateUsage::seconds)
                    .count("metrics.input_token_count", (u, n) -> u.input = n)
                    .count("metrics.output_token_count", (u, n) -> u.output = n)
                    .on("output", ReplicateUsage::output)
                    .on("output[]", (u, token, parser) -> u.pieces++)
                    .build();

    private final Peek peek;
    private @Nullable String id;
    private @Nullable String status;
    private long millis = -1;
    private long input;
    private long output;
    private long pieces;
    private boolean ended;

    ReplicateUsage(Peek peek) {
        this.peek = peek;
    }

    private static void output(ReplicateUsage usage, JsonToken token, JsonParser parser) {
        usage.pieces += token == JsonToken.VALUE_STRING ? 1 : 0;
    }

    private static void seconds(ReplicateUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        usage.millis = Math.max(usage.millis, Json.millis(token, parser));
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public @Nullable Job job() {
        boolean underWay = ended && status != null && UNDER_WAY.contains(status);
        return underWay ? Job.of("/v1/predictions/%s", id, null) : null;
    }

    @Override
    public UsageReport report(long outputBytes) {
        boolean free = "aborted".equals(status);
        boolean complete = ended && (free || millis >= 0) && job() == null;
        Usage.Tally tally = new Usage.Tally();
        tally.set(Kind.HARDWARE_MILLIS, Math.max(0, millis))
                .set(Kind.INPUT, input)
                .set(Kind.OUTPUT, output)
                .set(Kind.IMAGES, pieces);
        List<UsageLine> lines =
                complete
                        ? List.of(new UsageLine(peek.model(), tally.toUsage(), peek.terms()))
                        : List.of();
        return new UsageReport(lines, complete, outputBytes);
    }
}
