package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.provider.OpenAiUsage.Shape;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * The file with a batch's answers, one a line: {@code {"custom_id", "response": {"status_code",
 * "body"}, "error"}}. What is no success is not billed. A report is complete if every line has been
 * read and every success says what it used; else it says nothing, and the worst case counts.
 *
 * <p>A line is read as it comes and not kept: one with a thousand embeddings has many megabytes.
 */
final class OpenAiBatchResults implements UsageReader {
    private static final Buffer NOTHING = Buffer.buffer(0);
    private static final List<String> TERMS = List.of(OpenAiBatch.TERM);

    private final Shape shape;
    private final Quirks quirks;
    private final Fields<OpenAiUsage> fields;
    private final Peek peek;
    private final List<UsageLine> used = new ArrayList<>();
    private @Nullable OpenAiUsage answer;
    private @Nullable UsageReader line;
    private boolean unread;
    private long bytes;

    OpenAiBatchResults(Shape shape, Quirks quirks, Peek peek) {
        this.shape = shape;
        this.quirks = quirks;
        this.peek = peek;
        this.fields =
                new Fields.Builder<>("response.body", quirks.fields(shape))
                        .count("response.status_code", (u, code) -> u.seen.status = code)
                        .on("error", (u, token, parser) -> u.seen.failed = token.isStructStart())
                        .build();
    }

    @Override
    public Buffer read(Buffer chunk) {
        bytes += chunk.length();
        Lines.split(chunk, this::feed, this::lineEnds);
        return chunk;
    }

    private void feed(Buffer piece) {
        boolean blank = piece.length() == 0 || (piece.length() == 1 && piece.getByte(0) == '\r');
        if (line == null && !blank) {
            answer = new OpenAiUsage(shape, peek, quirks);
            line = new BodyReader<>(fields, answer);
        }
        if (line != null) {
            line.read(piece);
        }
    }

    private void lineEnds() {
        if (line == null || answer == null) {
            return;
        }
        line.end();
        if (!answer.seen.isFailure()) {
            UsageReport report = line.report();
            unread |= !report.complete();
            for (UsageLine each : report.lines()) {
                used.add(new UsageLine(each.model(), each.usage(), TERMS));
            }
        }
        line = null;
    }

    @Override
    public Buffer end() {
        lineEnds();
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        return new UsageReport(unread ? List.of() : used, !unread, bytes);
    }
}
