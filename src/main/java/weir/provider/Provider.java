package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * A vendor's API as the application knows it. It looks and never translates: what it returns says
 * what to read, and the only bytes it may ever change are the credential and the usage event that
 * Weir itself asked for.
 *
 * <p>Implementations are stateless and shared by all event loops; readers belong to one response.
 */
public interface Provider {
    /** The word for {@code type} in weir.yaml, and the price book's name for this vendor. */
    String name();

    /** Where the vendor serves this API, without a trailing slash. */
    String defaultBaseUrl();

    /**
     * @param path what follows the provider's name in the sidecar's URL, with its leading slash, no
     *     query
     */
    Endpoint endpoint(HttpMethod method, String path);

    /**
     * The credential that the caller sent, from where this vendor's SDKs put it: of several the one
     * that looks like a virtual key, never an empty one.
     *
     * @param query of the request's target, as it was sent; null where it has none
     */
    @Nullable String presentedKey(MultiMap headers, @Nullable String query);

    /**
     * Removes every form of credential that {@link #presentedKey} reads and puts {@code proof} in
     * its place, once, in the form that the caller used where the vendor takes several. To be
     * called with the caller's own headers still in place.
     *
     * @param proof null where the server needs none
     * @throws IllegalArgumentException if this vendor takes no such proof; its message says which
     *     it takes
     */
    void authorise(Outgoing request, @Nullable Proof proof);

    /** Whose proofs {@link #authorise} takes beside the vendor's own keys. */
    default Set<Cloud> clouds() {
        return Set.of();
    }

    /**
     * Reads what limits need from the body, already decompressed, of a {@linkplain
     * Endpoint.Cost#METERED metered} endpoint.
     *
     * @param target path below the provider's name and query, as they were sent
     */
    PeekResult peek(Endpoint endpoint, String target, Buffer body);

    /** The same, for vendors some of whose terms stand in headers. */
    default PeekResult peek(Endpoint endpoint, String target, MultiMap headers, Buffer body) {
        return peek(endpoint, target, body);
    }

    /**
     * Whether {@link #authorise} has to see the body of every request, also where nothing in it is
     * metered, because it is signed.
     */
    default boolean signsBodies() {
        return false;
    }

    /**
     * Whether the escaped slashes in this path are part of a name, and nothing that a server could
     * take for the end of a segment.
     *
     * @param path as for {@link #endpoint}
     */
    default boolean slashesAreInNames(String path) {
        return false;
    }

    /**
     * Whether a request tells of several units that it could be billed by, its tokens, its pieces
     * and its time, of which the model's price says which one it is.
     */
    default boolean billsByOneUnit(Endpoint endpoint) {
        return false;
    }

    /**
     * Whether a successful answer passes piece by piece as it comes, and is not one document.
     *
     * @param contentType empty where it has none
     */
    default boolean streams(Peek peek, String contentType) {
        return isEventStream(contentType);
    }

    /**
     * Whether the vendor goes on working, for money, where its answer is not read to its end. Then
     * it is read to its end after the caller has left, unless weir.yaml says otherwise.
     */
    default boolean billsUnread() {
        return false;
    }

    /** Whether these are server-sent events. */
    static boolean isEventStream(String contentType) {
        return contentType.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    /** A reader for one successful response. */
    UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer);

    /**
     * What in the answers of this endpoint leads back to the vendor, past Weir; null where nothing
     * does.
     */
    default @Nullable Links links(Endpoint endpoint) {
        return null;
    }

    /** How a session of this endpoint begins, where a request asks to become a WebSocket. */
    default Opening opening(Endpoint endpoint) {
        return Opening.NONE;
    }

    /**
     * A reader for one session.
     *
     * @param peek of the request, or of the caller's first message
     */
    default SessionReader sessionReader(Endpoint endpoint, Peek peek) {
        return SessionReader.BLIND;
    }

    Dialect dialect();

    /**
     * The same for one path, for vendors that serve several APIs side by side.
     *
     * @param path as for {@link #endpoint}
     */
    default Dialect dialect(String path) {
        return dialect();
    }
}
