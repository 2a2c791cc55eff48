package weir.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.provider.Peek;
import weir.provider.PeekResult;

/**
 * Looks into the file that a request names, at the provider, before the request goes there. A file
 * belongs to the account of one of the provider's credentials: they are tried in weir.yaml's order
 * until one may read it.
 *
 * <p>Nothing of the file is kept but the line that is being read.
 */
final class FileLook {
    /** The call's own deadline says which timeout it was. */
    private static final long AFTER_DEADLINE_MILLIS = 1_000;

    private static final int OK = 200;

    /** By which a provider says that it has no such file. */
    private static final Set<Integer> NO_SUCH_FILE = Set.of(400, 404, 410);

    private final Lane lane;
    private final Upstream upstream;
    private final MultiMap headers;
    private final Inbound.Named named;
    private final Inbound.Events events;
    private final Queue<Credential> untried;
    private @Nullable Credential asking;
    private @Nullable HttpClientResponse response;
    private int heldBytes;
    private boolean over;

    FileLook(
            Lane lane,
            Upstream upstream,
            MultiMap headers,
            Inbound.Named named,
            Inbound.Events events) {
        this.lane = lane;
        this.upstream = upstream;
        this.headers = Headers.ofQuestion(headers);
        this.named = named;
        this.events = events;
        this.untried = new ArrayDeque<>(upstream.credentials());
    }

    void begin() {
        events.fetching();
        asking = untried.poll();
        new Inquiry(lane, new Account(upstream, asking), headers)
                .get(
                        named.file().target(),
                        upstream.timeouts().firstByteMillis() + AFTER_DEADLINE_MILLIS)
                .onComplete(answer -> events.guarded(() -> answered(answer)));
    }

    private void answered(AsyncResult<HttpClientResponse> answer) {
        if (answer.failed()) {
            next(new Refusal.UpstreamUnavailable(upstream.name()));
            return;
        }
        HttpClientResponse came = answer.result();
        response = came;
        if (over) {
            came.request().reset();
        } else if (came.statusCode() == OK) {
            came.handler(chunk -> events.guarded(() -> read(chunk)));
            came.exceptionHandler(cut -> fail(new Refusal.UpstreamUnavailable(upstream.name())));
            came.endHandler(end -> events.guarded(() -> tell(reader().end())));
        } else {
            came.request().reset();
            next(refusal(came.statusCode()));
        }
    }

    private PeekResult.FileReader reader() {
        return named.file().reader();
    }

    private Refusal refusal(int status) {
        return NO_SUCH_FILE.contains(status)
                ? new Refusal.BadRequest(
                        "Weir cannot read the file that this request names, and so not tell what it"
                                + " may cost: the provider answered "
                                + status
                                + ". Name a file that this account has, or send it anew.")
                : new Refusal.UpstreamUnavailable(upstream.name());
    }

    private void next(Refusal otherwise) {
        if (over) {
            return;
        }
        if (untried.isEmpty()) {
            fail(otherwise);
        } else {
            begin();
        }
    }

    private void read(Buffer chunk) {
        if (over) {
            return;
        }
        events.fetching();
        reader().read(chunk);
        int more = reader().heldBytes() - heldBytes;
        if (more > 0 && !lane.heldBytes().take(more)) {
            fail(new Refusal.Overloaded());
            return;
        }
        heldBytes += Math.max(0, more);
        PeekResult.Malformed problem = reader().problem();
        if (problem != null) {
            tell(problem);
        }
    }

    private void tell(PeekResult result) {
        switch (result) {
            case Peek peek -> {
                if (!over) {
                    cancel();
                    events.read(
                            new Inbound.Read.Looked(upstream.named(peek), named.body(), asking));
                }
            }
            case PeekResult.Malformed malformed ->
                    fail(new Refusal.BadRequest(malformed.message()));
            case PeekResult.InFile again ->
                    throw new IllegalStateException("a file does not stand in a file");
        }
    }

    private void fail(Refusal refusal) {
        if (!over) {
            cancel();
            events.read(new Inbound.Read.Failed(refusal));
        }
    }

    /** Nobody wants to know any more, or all is known. */
    void cancel() {
        over = true;
        lane.heldBytes().giveBack(heldBytes);
        heldBytes = 0;
        if (response != null) {
            // After the end of the answer this does nothing.
            response.request().reset();
        }
    }
}
