package weir.key.cloud;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A token server on this machine: keeps what it was asked, and answers as it was told last. */
final class CloudServer {
    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<Reply> reply = new AtomicReference<>(Reply.of(500, ""));

    /** One request. */
    record Asked(String method, String path, MultiMap headers, String body) {
        /** The fields of a posted form. */
        Map<String, String> form() {
            Map<String, String> fields = new HashMap<>();
            for (String pair : body.split("&", -1)) {
                int equals = pair.indexOf('=');
                fields.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return fields;
        }

        @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /** How a request is answered. */
    @FunctionalInterface
    interface Reply {
        void to(Asked asked, HttpServerResponse response);

        static Reply of(int status, String body) {
            return (asked, response) -> response.setStatusCode(status).end(body);
        }

        /** Nothing, ever. */
        static Reply silence() {
            return (asked, response) -> {};
        }

        /** A head and a piece of a body, then nothing. */
        static Reply dripping() {
            return (asked, response) -> response.setChunked(true).write("{\"access_token\":");
        }

        static Reply hangUp() {
            return (asked, response) -> response.reset();
        }
    }

    CloudServer(Vertx vertx) {
        server =
                vertx.createHttpServer()
                        .requestHandler(this::take)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
    }

    private void take(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> {
                    Asked one =
                            new Asked(
                                    request.method().name(),
                                    request.uri(),
                                    request.headers(),
                                    body.toString());
                    asked.add(one);
                    reply.get().to(one, request.response());
                });
    }

    void answers(Reply next) {
        reply.set(next);
    }

    void answers(int status, String body) {
        answers(Reply.of(status, body));
    }

    List<Asked> asked() {
        return asked;
    }

    Asked last() {
        return asked.getLast();
    }

    String authority() {
        return "127.0.0.1:" + server.actualPort();
    }

    URI at(String path) {
        return URI.create("http://" + authority() + path);
    }
}
