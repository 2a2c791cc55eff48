package weir.provider;

import io.vertx.core.buffer.Buffer;
import weir.usage.UsageReport;

/**
 * Reads usage out of a stream of JSON documents, one a line, and lets every byte pass. A line over
 * {@link Lines#MAX_BYTES} passes unread.
 */
final class LineReader<S extends Findings> implements UsageReader, Lines.Sink {
    private static final Buffer NOTHING = Buffer.buffer(0);

    private final Fields<S> fields;
    private final S findings;
    private final Lines lines = new Lines(this);
    private long payloadBytes;

    LineReader(Fields<S> fields, S findings) {
        this.fields = fields;
        this.findings = findings;
    }

    @Override
    public Buffer read(Buffer chunk) {
        payloadBytes += chunk.length();
        lines.read(chunk);
        return chunk;
    }

    @Override
    public Buffer end() {
        lines.end();
        return NOTHING;
    }

    @Override
    public void line(byte[] bytes, int length) {
        findings.begin();
        if (Json.walk(fields, findings, bytes, length)) {
            findings.end();
        }
    }

    @Override
    public void tooLong() {
        // It passes: what it may have told stays unknown.
    }

    @Override
    public UsageReport report() {
        return findings.report(payloadBytes);
    }
}
