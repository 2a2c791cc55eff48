package weir.key.cloud;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What issuers need of the world: variables, the time, files and servers. Nothing here blocks an
 * event loop, everything is bounded, and all that fails does so with a {@link ProofException}.
 */
final class Outside {
    /** For one answer, its connection included; token servers answer within a second. */
    static final long DEADLINE_MILLIS = 10_000;

    /** Above any token, key file or error page that is of use. */
    static final int MAX_BYTES = 64 << 10;

    private final Vertx vertx;
    private final Function<String, @Nullable String> environment;
    private final LongSupplier epochMillis;
    private final long deadlineMillis;
    private final HttpClient client;

    /**
     * @param epochMillis this machine's clock
     * @param deadlineMillis for one answer; from 1
     */
    Outside(
            Vertx vertx,
            Function<String, @Nullable String> environment,
            LongSupplier epochMillis,
            long deadlineMillis) {
        this.vertx = vertx;
        this.environment = environment;
        this.epochMillis = epochMillis;
        this.deadlineMillis = deadlineMillis;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setKeepAliveTimeout(5)
                                .setConnectTimeout(Math.toIntExact(deadlineMillis)));
    }

    /** Null for one that is empty, too. */
    @Nullable String variable(String name) {
        String value = environment.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** A variable that holds a URL of http or https; null where it is not set. */
    @Nullable URI url(String name) {
        String text = variable(name);
        return text == null ? null : url(text, name);
    }

    /**
     * A text as the URL of http or https that it has to be.
     *
     * @param name whose text it is, for the message
     */
    static URI url(String text, String name) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getPort() <= 65_535) {
                return uri;
            }
            throw new ProofException(name + " is not a URL of http or https");
        } catch (URISyntaxException e) {
            throw new ProofException(name + " is not a URL");
        }
    }

    long nowMillis() {
        return epochMillis.getAsLong();
    }

    /** What takes long, on a thread that may take long. */
    <T> Future<T> offEventLoop(Callable<T> work) {
        return vertx.executeBlocking(work, false).map(Objects::requireNonNull);
    }

    /** A file's text; empty where there is no file. */
    Future<Optional<String>> fileIfAny(Path path) {
        return offEventLoop(() -> {
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new ProofException(path + " has more than " + MAX_BYTES + " bytes");
                }
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new ProofException(path + " cannot be read");
            }
        });
    }

    /** A file of one token, without the line break at its end. */
    Future<String> token(Path path) {
        return fileIfAny(path)
                .map(text -> {
                    String token =
                            text.orElseThrow(() -> new ProofException(path + " is not there"))
                                    .strip();
                    if (token.isEmpty() || !token.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                        throw new ProofException(path + " does not hold a token");
                    }
                    return token;
                });
    }

    Future<Answer> get(URI from, Map<String, String> headers) {
        return send(HttpMethod.GET, from, headers, "");
    }

    /** Posts a form. */
    Future<Answer> post(URI to, Map<String, String> form) {
        String body =
                form.entrySet().stream()
                        .map(field -> escaped(field.getKey()) + "=" + escaped(field.getValue()))
                        .collect(Collectors.joining("&"));
        return send(
                HttpMethod.POST,
                to,
                Map.of("content-type", "application/x-www-form-urlencoded"),
                body);
    }

    /** Posts a JSON text. */
    Future<Answer> post(URI to, Map<String, String> headers, String json) {
        return send(HttpMethod.POST, to, headers, json);
    }

    private Future<Answer> send(
            HttpMethod method, URI to, Map<String, String> headers, String body) {
        String from = shown(to);
        Promise<Answer> answer = Promise.promise();
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setAbsoluteURI(to.toString())
                        .setFollowRedirects(false)
                        .putHeader("user-agent", "weir")
                        .putHeader("accept", "application/json, text/xml");
        headers.forEach(options::putHeader);
        Promise<Void> late = Promise.promise();
        long timer = vertx.setTimer(deadlineMillis, rung -> late.complete());
        client.request(options)
                .compose(request -> {
                    late.future().onComplete(now -> request.reset());
                    return exchange(request, body);
                })
                .map(got -> new Answer(from, got.status(), got.headers(), got.body().toString()))
                .onComplete(done -> vertx.cancelTimer(timer))
                .onSuccess(answer::tryComplete)
                .onFailure(cause -> answer.tryFail(told(from, cause)));
        late.future()
                .onComplete(now ->
                        answer.tryFail(
                                new ProofException(
                                        from + ": no answer in " + deadlineMillis + " ms")));
        return answer.future();
    }

    private record Got(int status, MultiMap headers, Buffer body) {}

    private static Future<Got> exchange(HttpClientRequest request, String body) {
        return request.send(Buffer.buffer(body)).compose(response -> read(request, response));
    }

    private static Future<Got> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Got> got = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(got::tryFail);
        response.handler(piece -> {
            if (body.length() + piece.length() > MAX_BYTES) {
                got.tryFail(new ProofException("the answer is too long"));
                request.reset();
            } else {
                body.appendBuffer(piece);
            }
        });
        response.endHandler(
                end -> got.tryComplete(new Got(response.statusCode(), response.headers(), body)));
        return got.future();
    }

    /** What the network says is not secret, but its exceptions quote more than is of use. */
    private static ProofException told(String from, Throwable cause) {
        return new ProofException(
                cause instanceof ProofException known
                        ? from + ": " + known.getMessage()
                        : from + ": no answer (" + cause.getClass().getSimpleName() + ")");
    }

    /** Without user and query. */
    private static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
