package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/** Of an answer that says nothing of usage, because the request said it all. */
final class MediaReader implements UsageReader {
    private static final Buffer NOTHING = Buffer.buffer(0);

    private final UsageReport report;

    MediaReader(Peek peek) {
        UsageLine line = new UsageLine(peek.model(), peek.media(), peek.terms());
        this.report = new UsageReport(List.of(line), true, 0);
    }

    @Override
    public Buffer read(Buffer chunk) {
        return chunk;
    }

    @Override
    public Buffer end() {
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        return report;
    }
}
