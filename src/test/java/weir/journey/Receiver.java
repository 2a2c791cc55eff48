package weir.journey;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes webhooks, on a port of its own that it keeps when it goes down. */
final class Receiver {
    private final Vertx vertx;
    private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private HttpServer server;
    private final int port;

    /** What came. */
    record Post(String uri, String id, String timestamp, String signature, String body) {}

    Receiver(Vertx vertx) {
        this.vertx = vertx;
        this.server = listen(0);
        this.port = server.actualPort();
    }

    private HttpServer listen(int at) {
        return World.await(
                vertx.createHttpServer().requestHandler(this::take).listen(at, "127.0.0.1"));
    }

    private void take(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> {
                    posts.add(
                            new Post(
                                    request.uri(),
                                    header(request, "webhook-id"),
                                    header(request, "webhook-timestamp"),
                                    header(request, "webhook-signature"),
                                    body.toString()));
                    request.response()
                            .setStatusCode(status)
                            .putHeader("location", url() + "/elsewhere")
                            .end("some answer");
                });
    }

    private static String header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name)).orElse("");
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** What every POST is answered from now on. */
    void answer(int with) {
        status = with;
    }

    void down() {
        World.await(server.close());
    }

    void up() {
        server = listen(port);
    }

    /** The next POST; waits for it. */
    Post next() {
        try {
            @Nullable Post post = posts.poll(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (post == null) {
                throw new IllegalStateException("no webhook came");
            }
            return post;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Those that came and were not looked at. */
    int waiting() {
        return posts.size();
    }
}
