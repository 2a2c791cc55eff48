package weir.observe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One signed POST, on the event loop that it is called on. */
final class WebhookPost {
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final int MAX_CONNECTIONS = 16;

    private final Vertx vertx;

    /** One for each file of certificates; the empty name for the system's. */
    private final Map<String, HttpClient> clients = new HashMap<>();

    WebhookPost(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Returns the status of the answer; fails where there is none in time, and where the request
     * cannot even be made: a file of certificates may be gone.
     */
    Future<Integer> send(Webhook webhook, News news, long nowSeconds) {
        return Future.succeededFuture()
                .compose(v -> client(webhook).request(options(webhook, news, nowSeconds)))
                .compose(request -> request.send(news.body()))
                .map(HttpClientResponse::statusCode);
    }

    private static RequestOptions options(Webhook webhook, News news, long nowSeconds) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(webhook.url().toString())
                .setFollowRedirects(false)
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setIdleTimeout(TIMEOUT_MILLIS)
                .putHeader("content-type", "application/json")
                .putHeader("user-agent", "weir")
                .putHeader("webhook-id", news.id())
                .putHeader("webhook-timestamp", Long.toString(nowSeconds))
                .putHeader(
                        "webhook-signature",
                        Signature.of(webhook.secret(), news.id(), nowSeconds, news.body()));
    }

    private HttpClient client(Webhook webhook) {
        String ca = webhook.ca() == null ? "" : webhook.ca().toString();
        return clients.computeIfAbsent(ca, this::open);
    }

    private HttpClient open(String ca) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setMaxPoolSize(MAX_CONNECTIONS)
                        .setSslHandshakeTimeout(TIMEOUT_MILLIS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (!ca.isEmpty()) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(ca));
        }
        return vertx.createHttpClient(options);
    }

    void close() {
        clients.values().forEach(HttpClient::close);
        clients.clear();
    }
}
