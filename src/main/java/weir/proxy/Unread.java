package weir.proxy;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.provider.UsageReader;
import weir.usage.UsageReport;

/** The reader of answers in which there is nothing to read: free calls, and errors. */
enum Unread implements UsageReader {
    INSTANCE;

    private static final Buffer EMPTY = Buffer.buffer();
    private static final UsageReport NOTHING = new UsageReport(List.of(), false, 0);

    @Override
    public Buffer read(Buffer chunk) {
        return chunk;
    }

    @Override
    public Buffer end() {
        return EMPTY;
    }

    @Override
    public UsageReport report() {
        return NOTHING;
    }
}
