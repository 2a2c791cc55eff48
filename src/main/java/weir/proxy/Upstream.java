package weir.proxy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.provider.Dialect;
import weir.provider.Peek;
import weir.provider.Provider;
import weir.provider.Providers;

/**
 * One provider of weir.yaml: where it is, and how to talk to it.
 *
 * @param name the first segment of the sidecar's URLs, and the provider's name in limits and
 *     metrics
 * @param baseUrl scheme, host, port and a path without a trailing slash
 * @param credentials at least one, except where the server needs none
 * @param http2 whether to speak HTTP/2 over TLS
 * @param ca certificates to trust instead of the system's, in PEM; null for the system's
 * @param models what a model that goes by a name of the account's own is elsewhere: deployments,
 *     agents, aliases
 * @param free whether every model costs nothing here
 * @param accountCalls whether callers may reach what belongs to the whole account at the provider
 * @param drainOnDisconnect whether to read a response to its end for exact usage after the caller
 *     has left
 */
public record Upstream(
        String name,
        Provider provider,
        URI baseUrl,
        List<Credential> credentials,
        Timeouts timeouts,
        boolean http2,
        @Nullable Path ca,
        Map<String, String> models,
        boolean free,
        boolean drainOnDisconnect,
        boolean accountCalls) {
    public Upstream {
        credentials = List.copyOf(credentials);
        models = Map.copyOf(models);
    }

    /**
     * Where a path leads that names no provider; it is answered in OpenAI's dialect, the best known
     * one.
     */
    static final Upstream NOWHERE =
            new Upstream(
                    "",
                    Providers.DEFAULT,
                    URI.create("http://127.0.0.1:0"),
                    List.of(),
                    Timeouts.DEFAULT,
                    false,
                    null,
                    Map.of(),
                    false,
                    false,
                    false);

    boolean isNowhere() {
        return name.isEmpty();
    }

    /** With the names by which limits, prices and logs know its models. */
    Peek named(Peek peek) {
        return models.isEmpty() ? peek : peek.named(name -> models.getOrDefault(name, name));
    }

    /** How to say no to a call of this path of the sidecar's. */
    Dialect dialect(String path) {
        return isNowhere() ? provider.dialect() : provider.dialect(Paths.below(name, path, null));
    }

    /**
     * How long to wait for what, in milliseconds, each at least 1.
     *
     * @param connectMillis for a connection, TLS included
     * @param firstByteMillis from the request's last byte to the response's first
     * @param idleMillis between two chunks of the response
     * @param totalMillis for the whole call
     */
    public record Timeouts(
            long connectMillis, long firstByteMillis, long idleMillis, long totalMillis) {
        /** The official SDKs wait 10 minutes for a first byte; a long answer may take an hour. */
        public static final Timeouts DEFAULT = new Timeouts(5_000, 600_000, 300_000, 3_600_000);
    }
}
