package loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A simulated provider, a client, and small parsers for what comes back. */
final class Lab implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final SimulatedProvider provider;
    private final HttpClient client;

    Lab(SimulatedOptions options, HttpClientOptions clientOptions) {
        provider = get(SimulatedProvider.start(vertx, options));
        client = vertx.createHttpClient(clientOptions);
    }

    Lab() {
        this(SimulatedOptions.DEFAULT, new HttpClientOptions());
    }

    /** A whole response. */
    record Reply(int status, HttpClientResponse head, Buffer body) {
        JsonObject json() {
            return body.toJsonObject();
        }

        List<Event> events() {
            return Lab.events(body.toString());
        }
    }

    /** A server-sent event; its name is empty where it has none. */
    record Event(String name, String data) {
        JsonObject json() {
            return new JsonObject(data);
        }
    }

    SimulatedProvider provider() {
        return provider;
    }

    Recorder recorder() {
        return provider.recorder();
    }

    Vertx vertx() {
        return vertx;
    }

    /** The answer of a call with the default credentials of both vendors. */
    Reply call(String path, String script, String body) {
        return get(get(send(path, script, body, Lab::whole)));
    }

    private static Future<Reply> whole(HttpClientResponse head) {
        return head.body().map(body -> new Reply(head.statusCode(), head, body));
    }

    /**
     * Sends a call. What reads its body has to be attached in {@code at}, on the event loop:
     * attached later, it would miss what has arrived by then.
     */
    <T> Future<T> send(
            String path, String script, String body, Function<HttpClientResponse, T> at) {
        RequestOptions request =
                new RequestOptions()
                        .setMethod(body.isEmpty() ? HttpMethod.GET : HttpMethod.POST)
                        .setAbsoluteURI(provider.baseUrl() + path)
                        .putHeader("authorization", "Bearer key")
                        .putHeader("content-type", "application/json");
        if (path.startsWith("/v1/messages")) {
            request.putHeader("anthropic-version", "2026-10-21");
        }
        if (!script.isEmpty()) {
            request.putHeader("x-sim", script);
        }
        return send(request, body, at);
    }

    <T> Future<T> send(RequestOptions request, String body, Function<HttpClientResponse, T> at) {
        return client.request(request).compose(r -> r.send(body).map(at));
    }

    static List<Event> events(String stream) {
        List<Event> events = new ArrayList<>();
        for (String block : stream.split("\n\n", -1)) {
            String name = "";
            StringBuilder data = new StringBuilder();
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                }
            }
            if (!block.isEmpty()) {
                events.add(new Event(name, data.toString()));
            }
        }
        return events;
    }

    static <T> T get(Future<T> future) {
        return get(future.toCompletionStage().toCompletableFuture());
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        get(vertx.close());
    }
}
