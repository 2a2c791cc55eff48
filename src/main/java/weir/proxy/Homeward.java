package weir.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.Links;
import weir.provider.UsageReader;
import weir.usage.UsageReport;

/**
 * Holds an answer back until its end, and lets its links lead back here; one that is larger than
 * {@link Bounds#MAX_HELD_ANSWER_BYTES} passes as it is.
 */
final class Homeward implements UsageReader {
    private static final Buffer EMPTY = Buffer.buffer();

    /** What can stand in a URL, and in JSON as it is. */
    private static final Pattern AUTHORITY = Pattern.compile("[\\w.:\\[\\]-]{1,512}");

    private final UsageReader reader;
    private final Way way;
    private Buffer held = Buffer.buffer();
    private boolean tooLarge;

    /**
     * What leads past Weir, and where it shall lead.
     *
     * @param home scheme, host and the provider's name
     */
    record Way(Links links, String home) {}

    Homeward(UsageReader reader, Way way) {
        this.reader = reader;
        this.way = way;
    }

    /**
     * Home is where the caller has reached this provider, by its own request. Null where that says
     * nothing of use, where there is no body to change, or nothing in it.
     */
    static @Nullable Way way(HttpServerRequest request, Upstream upstream, Endpoint endpoint) {
        Links links = upstream.provider().links(endpoint);
        if (links == null || request.method().equals(HttpMethod.HEAD)) {
            return null;
        }
        HostAndPort authority = request.authority();
        boolean usable = authority != null && AUTHORITY.matcher(authority.toString()).matches();
        return usable
                ? new Way(links, request.scheme() + "://" + authority + "/" + upstream.name())
                : null;
    }

    @Override
    public Buffer read(Buffer chunk) {
        Buffer passed = reader.read(chunk);
        if (tooLarge) {
            return passed;
        }
        held.appendBuffer(passed);
        tooLarge = held.length() > Bounds.MAX_HELD_ANSWER_BYTES;
        return tooLarge ? release() : EMPTY;
    }

    @Override
    public Buffer end() {
        Buffer rest = reader.end();
        if (tooLarge) {
            return rest;
        }
        Buffer whole = release().appendBuffer(rest);
        Buffer changed = Buffer.buffer(whole.length());
        Inbound.edited(whole, way.links().back(whole, way.home())).forEach(changed::appendBuffer);
        return changed;
    }

    private Buffer release() {
        Buffer all = held;
        held = EMPTY;
        return all;
    }

    @Override
    public UsageReport report() {
        return reader.report();
    }

    @Override
    public @Nullable Job job() {
        return reader.job();
    }
}
