package loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One request that the simulated provider got, and what became of it. Safe to read from any thread.
 */
public final class Exchange {
    /** More of a body is counted and hashed, but not kept. */
    public static final int KEPT_BODY_BYTES = 64 * 1024;

    /** How an exchange is over. */
    public enum Ending {
        /** The whole response was written. */
        COMPLETED,
        /** The script broke it off. */
        CUT,
        /** The client went away before the response, or before its own request, was complete. */
        CLIENT_VANISHED
    }

    private final long number;
    private final String method;
    private final String path;
    private final List<Map.Entry<String, String>> headers;
    private final MessageDigest sha256;
    private final Buffer kept = Buffer.buffer();
    private final AtomicLong bytesWritten = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private long bodyBytes;
    private @Nullable String bodySha256;
    private volatile long endedNanos;

    Exchange(long number, HttpServerRequest request) {
        this.number = number;
        this.method = request.method().name();
        this.path = request.uri();
        this.headers = List.copyOf(request.headers().entries());
        this.sha256 = newSha256();
    }

    synchronized void body(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        sha256.update(bytes);
        bodyBytes += bytes.length;
        kept.appendBytes(bytes, 0, Math.min(bytes.length, KEPT_BODY_BYTES - kept.length()));
    }

    void wrote(long bytes) {
        bytesWritten.addAndGet(bytes);
        writes.incrementAndGet();
    }

    /** The first ending counts. */
    boolean end(Ending ending, long nowNanos) {
        if (ended.isDone()) {
            return false;
        }
        endedNanos = nowNanos;
        return ended.complete(ending);
    }

    /** Counts up from 1 in the order in which requests were complete. */
    public long number() {
        return number;
    }

    public String method() {
        return method;
    }

    /** With the query, as sent. */
    public String path() {
        return path;
    }

    /** In the order and the spelling in which they came. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The first header of this name, whatever its case; null where there is none. */
    public @Nullable String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    /** The first {@link #KEPT_BODY_BYTES} of the body, as sent. */
    public synchronized byte[] body() {
        return kept.getBytes();
    }

    /** Bytes of the whole body. */
    public synchronized long bodyBytes() {
        return bodyBytes;
    }

    /** Of the whole body as received up to the first call of this, in lower-case hexadecimal. */
    public synchronized String bodySha256() {
        if (bodySha256 == null) {
            bodySha256 = HexFormat.of().formatHex(sha256.digest());
        }
        return bodySha256;
    }

    /** Bytes of the response's body that were handed to the socket so far. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /** Into how many pieces the response's body was cut so far: an event of a stream is one. */
    public long writes() {
        return writes.get();
    }

    /** Completes when the exchange is over; never fails. */
    public CompletableFuture<Ending> ended() {
        return ended.copy();
    }

    /** On the clock of {@link System#nanoTime}; 0 while it is not over. */
    public long endedNanos() {
        return endedNanos;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "#" + number + " " + method + " " + path + " " + ended.getNow(null);
    }
}
