package weir.proxy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.key.Proof;
import weir.provider.Outgoing;

/**
 * Asks a provider something of Weir's own, on behalf of a call.
 *
 * @param headers of such questions, as {@link Headers#ofQuestion} makes them of the call's own
 */
record Inquiry(Lane lane, Account account, MultiMap headers) {
    /**
     * The answer's head; its body waits until somebody handles it.
     *
     * @param target path and query below the provider's name
     * @param patienceMillis how long nothing may come
     */
    Future<HttpClientResponse> get(String target, long patienceMillis) {
        return proof().compose(proof -> send(target, patienceMillis, proof));
    }

    private Future<@Nullable Proof> proof() {
        Credential credential = account.credential();
        return credential == null
                ? Future.succeededFuture()
                : credential.source().proof().map(proof -> proof);
    }

    private Future<HttpClientResponse> send(
            String target, long patienceMillis, @Nullable Proof proof) {
        Upstream upstream = account.upstream();
        URI base = upstream.baseUrl();
        Outgoing outgoing =
                new Outgoing(
                                HttpMethod.GET,
                                Origins.authority(base),
                                base.getRawPath() + target,
                                MultiMap.caseInsensitiveMultiMap().addAll(headers),
                                null)
                        .at(lane.now());
        upstream.provider().authorise(outgoing, proof);
        Headers.removeVirtualKeys(headers, outgoing.headers());
        return lane.origins()
                .client(upstream)
                .request(Origins.options(upstream, outgoing).setTimeout(patienceMillis))
                .compose(HttpClientRequest::send);
    }
}
