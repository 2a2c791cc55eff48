package weir.provider;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import weir.usage.UsageReport;

/**
 * Reads usage out of a stream of events.
 *
 * <p>Nearly all events are words of the answer. They are recognised without parsing: an event that
 * reports usage holds the bytes {@code "usage":} and then something other than {@code null}.
 * Generated text cannot hold them, since in a JSON string its quotes are escaped.
 */
final class EventReader<S extends Findings> implements UsageReader {
    private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final Fields<S> fields;
    private final S findings;
    private final EventStream events;
    private final Transcript.@Nullable Draft transcript;

    /**
     * Reads a stream.
     *
     * @param hiding whether an event that holds nothing but usage is taken out, because Weir asked
     *     for it and not the caller
     * @param transcript written along where all that is billed is shown; the stream then passes in
     *     whole events, so that it can be ended after each
     */
    EventReader(
            Fields<S> fields, S findings, boolean hiding, Transcript.@Nullable Draft transcript) {
        this.fields = fields;
        this.findings = findings;
        this.events =
                new EventStream(
                        (data, length) -> look(data, length) && hiding,
                        hiding || transcript != null);
        this.transcript = transcript;
    }

    @Override
    public Buffer read(Buffer chunk) {
        return events.read(chunk);
    }

    @Override
    public Buffer end() {
        return events.end();
    }

    @Override
    public UsageReport report() {
        return findings.report(
                transcript == null ? events.payloadBytes() : transcript.outputTokens());
    }

    @Override
    public @Nullable Transcript transcript() {
        return transcript;
    }

    private boolean look(byte[] data, int length) {
        boolean done = length == DONE.length && startsWith(data, 0, length, DONE);
        if (transcript != null && done) {
            transcript.sentinel();
        } else if (transcript != null) {
            transcript.event(data, length);
        }
        return isOnlyUsage(data, length);
    }

    private boolean isOnlyUsage(byte[] data, int length) {
        if (length == DONE.length && startsWith(data, 0, length, DONE)) {
            findings.sentinel();
            return false;
        }
        if (!findings.wants(data, length)) {
            return false;
        }
        findings.begin();
        if (!Json.walk(fields, findings, data, length)) {
            return false;
        }
        findings.end();
        return findings.onlyUsage();
    }

    static boolean reportsUsage(byte[] data, int length) {
        for (int at = 0; at <= length - USAGE.length; at++) {
            if (data[at] == '"' && startsWith(data, at, length, USAGE)) {
                int colon = skipSpace(data, at + USAGE.length, length);
                if (colon < length && data[colon] == ':') {
                    int value = skipSpace(data, colon + 1, length);
                    if (!startsWith(data, value, length, NULL)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    static boolean startsWith(byte[] data, int at, int length, byte[] word) {
        if (length - at < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (data[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static int skipSpace(byte[] data, int from, int length) {
        int at = from;
        while (at < length
                && (data[at] == ' ' || data[at] == '\t' || data[at] == '\n' || data[at] == '\r')) {
            at++;
        }
        return at;
    }
}
