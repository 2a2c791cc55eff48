package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

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
     */
    @Nullable String presentedKey(MultiMap headers);

    /**
     * Removes every form of credential that {@link #presentedKey} reads and puts {@code secret} in
     * its place, once, in the form that the caller used. To be called with the caller's own headers
     * still in place.
     */
    void authorise(MultiMap headers, @Nullable String secret);

    /**
     * Reads what limits need from the body, already decompressed, of a {@linkplain
     * Endpoint.Cost#METERED metered} endpoint.
     */
    PeekResult peek(Endpoint endpoint, Buffer body);

    /** A reader for one successful response. */
    UsageReader usageReader(Endpoint endpoint, Peek peek, AnswerShape answer);

    Dialect dialect();
}
