package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.usage.UsageReport;

/**
 * Reads usage out of one JSON document that goes by in chunks, and lets every byte pass.
 *
 * <p>The non-blocking parser decodes and keeps each string until it ends, wanted or not; a
 * generated image is one string of megabytes. So strings are cut short on their way to the parser,
 * to {@link #MAX_STRING_BYTES}: what a response costs in memory does not depend on what it holds.
 */
final class BodyReader<S extends Findings> implements UsageReader {
    /**
     * Four times what {@link Json#MAX_TEXT} characters can take in escapes and UTF-8, and some
     * more.
     */
    static final int MAX_STRING_BYTES = 2_048;

    private static final Buffer NOTHING = Buffer.buffer(0);

    private final S findings;
    private final Fields.Walk<S> walk;
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private boolean over;
    private long passedBytes;

    /**
     * What has passed while no string could be too long yet, and was not scanned; null where the
     * scan has begun.
     */
    private @Nullable List<byte[]> unscanned = new ArrayList<>(2);

    // Where the scan for strings stands.
    private boolean inString;
    private boolean escaped;
    private int hexDigitsLeft;
    private int stringBytes;

    /**
     * Whether the rest of this string is left out: from the start of a character on, so that none
     * is torn.
     */
    private boolean cut;

    BodyReader(Fields<S> fields, S findings) {
        this.findings = findings;
        this.walk = fields.walk(findings);
        try {
            this.parser = Json.FACTORY.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new UncheckedIOException("a parser of nothing reads nothing", e);
        }
        this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
        findings.begin();
    }

    @Override
    public Buffer read(Buffer chunk) {
        passedBytes += chunk.length();
        if (!over) {
            byte[] bytes = chunk.getBytes();
            feed(bytes, fitting(bytes));
        }
        return chunk;
    }

    @Override
    public Buffer end() {
        close();
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        return findings.report(passedBytes);
    }

    @Override
    public @Nullable Job job() {
        return findings.job();
    }

    private void feed(byte[] bytes, int length) {
        if (length == 0) {
            return;
        }
        try {
            feeder.feedInput(bytes, 0, length);
            for (JsonToken t = parser.nextToken();
                    t != null && t != JsonToken.NOT_AVAILABLE && !walk.done();
                    t = walk.done() ? null : parser.nextToken()) {
                walk.accept(t, parser);
            }
            if (walk.done()) {
                findings.end();
                close();
            }
        } catch (IOException e) {
            // Not JSON: it passes all the same, and the report stays incomplete.
            close();
        }
    }

    private void close() {
        if (!over) {
            over = true;
            unscanned = null;
            try {
                parser.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the parser has no source to close", e);
            }
        }
    }

    /** Most answers are too short for a string that is too long, and cost no scan. */
    private int fitting(byte[] bytes) {
        List<byte[]> before = unscanned;
        if (before == null) {
            return shorten(bytes);
        }
        if (passedBytes <= MAX_STRING_BYTES) {
            before.add(bytes);
            return bytes.length;
        }
        unscanned = null;
        before.forEach(this::shorten);
        return shorten(bytes);
    }

    /** Moves what the parser shall see to the front and returns its length. */
    private int shorten(byte[] bytes) {
        int kept = 0;
        for (byte b : bytes) {
            if (!inString) {
                inString = b == '"';
                stringBytes = 0;
                cut = false;
                bytes[kept++] = b;
                continue;
            }
            boolean startsCharacter = !escaped && hexDigitsLeft == 0 && (b & 0xC0) != 0x80;
            boolean ends = b == '"' && !escaped;
            cut |= ++stringBytes > MAX_STRING_BYTES && startsCharacter;
            if (ends || !cut) {
                bytes[kept++] = b;
            }
            hexDigitsLeft = escaped && b == 'u' ? 4 : Math.max(0, hexDigitsLeft - 1);
            escaped = b == '\\' && !escaped;
            inString = !ends;
        }
        return kept;
    }
}
