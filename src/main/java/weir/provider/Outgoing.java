package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is about to leave, complete but for its credential. All of it is given, because
 * some vendors want all of it signed.
 */
public final class Outgoing {
    private final HttpMethod method;
    private final String authority;
    private final MultiMap headers;
    private final @Nullable List<Buffer> body;
    private String target;
    private Instant now = Instant.EPOCH;

    /**
     * One request.
     *
     * @param authority host, and port where it is not the scheme's own
     * @param target path and query as they will be sent
     * @param headers those that travel on; the caller's own credential is still among them
     * @param body in pieces; null where it passes through unread
     */
    public Outgoing(
            HttpMethod method,
            String authority,
            String target,
            MultiMap headers,
            @Nullable List<Buffer> body) {
        this.method = method;
        this.authority = authority;
        this.target = target;
        this.headers = headers;
        this.body = body == null ? null : List.copyOf(body);
    }

    /** The same, leaving at this time: a signature has a date. */
    public Outgoing at(Instant time) {
        now = time;
        return this;
    }

    public Instant now() {
        return now;
    }

    public HttpMethod method() {
        return method;
    }

    public String authority() {
        return authority;
    }

    public String target() {
        return target;
    }

    /** For vendors whose credential may stand in the URL. */
    public void setTarget(String changed) {
        target = changed;
    }

    public MultiMap headers() {
        return headers;
    }

    public @Nullable List<Buffer> body() {
        return body;
    }
}
