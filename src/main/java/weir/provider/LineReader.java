package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import weir.usage.UsageReport;

/**
 * Reads usage out of a stream of JSON documents, one a line, and lets every byte pass. A last line
 * without its end counts; a line over {@link EventStream#MAX_EVENT_BYTES} passes unread.
 */
final class LineReader<S extends Findings> implements UsageReader {
    private static final Buffer NOTHING = Buffer.buffer(0);
    private static final int FIRST_BYTES = 4_096;

    private final Fields<S> fields;
    private final S findings;
    private byte[] line = new byte[FIRST_BYTES];
    private int length;
    private boolean tooLong;
    private long payloadBytes;

    LineReader(Fields<S> fields, S findings) {
        this.fields = fields;
        this.findings = findings;
    }

    @Override
    public Buffer read(Buffer chunk) {
        byte[] bytes = Bytes.of(chunk);
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                append(Arrays.copyOfRange(bytes, from, at));
                lineEnds();
                from = at + 1;
            }
        }
        append(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
        return chunk;
    }

    @Override
    public Buffer end() {
        lineEnds();
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        return findings.report(payloadBytes);
    }

    private void append(byte[] bytes) {
        int count = bytes.length;
        payloadBytes += count;
        if (tooLong || count > EventStream.MAX_EVENT_BYTES - length) {
            tooLong = true;
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(bytes, 0, line, length, count);
        length += count;
    }

    private void lineEnds() {
        if (!tooLong && length > 0) {
            findings.begin();
            if (Json.walk(fields, findings, line, length)) {
                findings.end();
            }
        }
        length = 0;
        tooLong = false;
    }
}
