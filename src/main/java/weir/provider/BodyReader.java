package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private final Fields<S> fields;
    private final S findings;
    private @Nullable Parsing<S> parsing;
    private boolean over;
    private long passedBytes;

    /**
     * What has passed while no string could be too long yet, to be read at its end in one go; as
     * long as nothing is parsed.
     */
    private Buffer unread = NOTHING;

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
        this.fields = fields;
        this.findings = findings;
        findings.begin();
    }

    /** The document so far. */
    private record Parsing<S>(Fields.Walk<S> walk, JsonParser parser, ByteArrayFeeder feeder) {
        static <S> Parsing<S> of(Fields.Walk<S> walk) {
            try {
                JsonParser parser = Json.FACTORY.createNonBlockingByteArrayParser();
                return new Parsing<>(
                        walk, parser, (ByteArrayFeeder) parser.getNonBlockingInputFeeder());
            } catch (IOException e) {
                throw new UncheckedIOException("a parser of nothing reads nothing", e);
            }
        }
    }

    @Override
    public Buffer read(Buffer chunk) {
        passedBytes += chunk.length();
        if (!over && parsing == null && passedBytes <= MAX_STRING_BYTES) {
            unread =
                    unread.length() == 0
                            ? chunk
                            : Buffer.buffer().appendBuffer(unread).appendBuffer(chunk);
        } else if (!over) {
            parse();
            feed(chunk.getBytes());
        }
        return chunk;
    }

    /** Most answers are short, come in one piece, and are read in one go. */
    @Override
    public Buffer end() {
        if (!over && parsing == null) {
            byte[] all = Bytes.of(unread);
            if (Json.walk(fields, findings, all, all.length)) {
                findings.end();
            }
        }
        close();
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        parse();
        return findings.report(passedBytes);
    }

    @Override
    public @Nullable Job job() {
        parse();
        return findings.job();
    }

    /** From here on piece by piece. */
    private void parse() {
        if (!over && parsing == null) {
            parsing = Parsing.of(fields.walk(findings));
            feed(unread.getBytes());
            unread = NOTHING;
        }
    }

    private void feed(byte[] bytes) {
        Parsing<S> now = parsing;
        int length = shorten(bytes);
        if (length == 0 || now == null || over) {
            return;
        }
        Fields.Walk<S> walk = now.walk();
        try {
            now.feeder().feedInput(bytes, 0, length);
            for (JsonToken t = now.parser().nextToken();
                    t != null && t != JsonToken.NOT_AVAILABLE && !walk.done();
                    t = walk.done() ? null : now.parser().nextToken()) {
                walk.accept(t, now.parser());
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
        if (over) {
            return;
        }
        over = true;
        unread = NOTHING;
        if (parsing != null) {
            try {
                parsing.parser().close();
            } catch (IOException e) {
                throw new UncheckedIOException("the parser has no source to close", e);
            }
        }
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
