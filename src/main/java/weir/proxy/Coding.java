package weir.proxy;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Content codings: Anthropic accepts compressed requests, and a limit has to look inside. */
final class Coding {
    private Coding() {}

    sealed interface Decoded {
        record Plain(Buffer body) implements Decoded {}

        record TooLarge() implements Decoded {}

        record Unreadable(String why) implements Decoded {}
    }

    /** Whether this content-encoding header says that the body is not plain; null for none. */
    static boolean isEncoded(@Nullable String coding) {
        return coding != null && !coding.isBlank() && !coding.trim().equalsIgnoreCase("identity");
    }

    /**
     * Undoes one content coding.
     *
     * @param coding the content-encoding header; null for none
     * @param maxBytes the most that the decoded body may have: a small gzip can be a large bomb
     */
    static Decoded decode(Buffer body, @Nullable String coding, int maxBytes) {
        String name = coding == null ? "identity" : coding.trim().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "identity", "" -> new Decoded.Plain(body);
            case "gzip", "x-gzip", "deflate" -> inflate(body, !name.equals("deflate"), maxBytes);
            default ->
                    new Decoded.Unreadable(
                            "The content-encoding \""
                                    + Answers.headerSafe(name)
                                    + "\" cannot be read. Use gzip, deflate or none.");
        };
    }

    private static Decoded inflate(Buffer body, boolean gzip, int maxBytes) {
        try (InputStream raw = new ByteArrayInputStream(body.getBytes());
                InputStream in = gzip ? new GZIPInputStream(raw) : new InflaterInputStream(raw)) {
            byte[] plain = in.readNBytes(maxBytes + 1);
            return plain.length > maxBytes
                    ? new Decoded.TooLarge()
                    : new Decoded.Plain(Buffer.buffer(plain));
        } catch (IOException e) {
            return new Decoded.Unreadable(
                    "The body is not what its content-encoding says: " + e.getMessage() + ".");
        }
    }
}
