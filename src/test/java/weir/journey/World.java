package weir.journey;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import loadtest.SimulatedOptions;
import loadtest.SimulatedProvider;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import weir.app.Settings;
import weir.app.Sidecar;
import weir.app.config.ConfigFile;
import weir.key.cloud.Logins;
import weir.observe.Log;
import weir.provider.Providers;
import weir.proxy.Bounds;

/**
 * A simulated provider and any number of sidecars before it, in this process but over real sockets.
 * The provider's place is {@code ${PROVIDER}} in the sidecars' weir.yaml, its secret {@code
 * ${SECRET}}.
 */
public final class World implements AutoCloseable {
    /** Longer than anything here takes; a wait that reaches it has failed. */
    public static final long PATIENCE_SECONDS = 20;

    public static final String SECRET = "sk-upstream-secret";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final SimulatedProvider provider;
    private final List<Weir> sidecars = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final AtomicLong forwardMillis = new AtomicLong();

    public World() {
        this(SimulatedOptions.DEFAULT);
    }

    public World(SimulatedOptions options) {
        provider = await(SimulatedProvider.start(vertx, options));
        environment.put("PROVIDER", provider.baseUrl());
        environment.put("SECRET", SECRET);
    }

    public Vertx vertx() {
        return vertx;
    }

    public SimulatedProvider provider() {
        return provider;
    }

    public World env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Serves at a place of its own, which the sidecars' weir.yaml knows by this name. */
    public World serve(String name, Handler<HttpServerRequest> handler) {
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
        return env(name, "http://127.0.0.1:" + server.actualPort());
    }

    /** Virtual keys {@code wk_NAME}, whose hashes weir.yaml knows by their names. */
    public World keys(String... names) {
        for (String name : names) {
            env(name, sha256("wk_" + name));
        }
        return this;
    }

    /** Moves the clock by which logins expire. */
    public void forward(long millis) {
        forwardMillis.addAndGet(millis);
    }

    /** Starts one sidecar with the ledger in process. */
    public Weir weir(String yaml) {
        return weir(yaml, settings(Optional.empty()));
    }

    public static Settings settings(Optional<String> redis) {
        String name = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        return new Settings(
                "127.0.0.1", 0, 1, redis.map(World::options), 2_000, Bounds.DEFAULT, 5_000, name);
    }

    private static RedisOptions options(String url) {
        return new RedisOptions().setConnectionString(url);
    }

    public Weir weir(String yaml, Settings settings) {
        Weir weir = new Weir(yaml, settings);
        sidecars.add(weir);
        return weir;
    }

    @Override
    public void close() {
        sidecars.forEach(Weir::stop);
        await(provider.close());
        await(vertx.close());
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a virtual key is in weir.yaml. */
    public static String sha256(String key) {
        return DigestUtils.sha256Hex(key);
    }

    /** One sidecar. */
    @SuppressWarnings(
            "deprecation") // Quarkus 3.33 registers this class; its successor is not there.
    public final class Weir {
        private final Sidecar sidecar;
        private final Logins logins;
        private final PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final List<String> bugs = new CopyOnWriteArrayList<>();
        private boolean stopped;

        private Weir(String yaml, Settings settings) {
            Log log = new Log(this::log, System::currentTimeMillis);
            logins =
                    new Logins(
                            vertx,
                            environment::get,
                            () -> System.currentTimeMillis() + forwardMillis.get(),
                            failure -> log.notice("login_failed", failure));
            sidecar =
                    new Sidecar(
                            vertx,
                            settings,
                            read(yaml).rules(),
                            new Sidecar.Telemetry(registry, registry.getPrometheusRegistry(), log));
            await(sidecar.start());
        }

        private ConfigFile.Loaded read(String yaml) {
            try {
                Path file = Files.createTempFile("weir", ".yaml");
                Files.writeString(file, yaml);
                ConfigFile.Result result =
                        ConfigFile.read(file, environment::get, Providers.ALL, logins::source);
                Files.delete(file);
                return switch (result) {
                    case ConfigFile.Loaded loaded -> loaded;
                    case ConfigFile.Invalid invalid ->
                            throw new IllegalArgumentException(invalid.errors().toString());
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Sidecar sidecar() {
            return sidecar;
        }

        public int port() {
            return sidecar.port();
        }

        public String url() {
            return "http://127.0.0.1:" + port();
        }

        public void reload(String yaml) {
            sidecar.replace(read(yaml).rules());
        }

        /** Posts JSON; headers are name, value, name, value. */
        public HttpResponse<String> post(String path, String body, String... headers) {
            try {
                return HTTP.send(
                        request(path, body, headers), HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        public HttpRequest request(String path, String body, String... headers) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .header("content-type", "application/json")
                            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return request.build();
        }

        private void log(String line) {
            lines.add(line.stripTrailing());
            if (line.contains("\"event\":\"bug\"")) {
                bugs.add(line);
            }
        }

        /** What the log said that cannot happen; empty where all went well. */
        public String bugs() {
            return String.join("\n", bugs);
        }

        /** The next log line for a call; waits for it. */
        public String nextCall() {
            return nextEvent("call");
        }

        /** The next log line of this kind; waits for it, and passes over all others. */
        public String nextEvent(String event) {
            try {
                while (true) {
                    @Nullable String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    if (line == null) {
                        throw new IllegalStateException("no log line came");
                    }
                    if (line.contains("\"event\":\"" + event + "\"")) {
                        return line;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** What Prometheus would scrape. */
        public String scrape() {
            return registry.scrape();
        }

        /** The sum of a metric's series. */
        public double gauge(String name) {
            return scrape().lines()
                    .filter(l -> l.startsWith(name + " ") || l.startsWith(name + "{"))
                    .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' '))))
                    .sum();
        }

        public void stop() {
            if (!stopped) {
                await(beginToStop());
            }
        }

        Future<Void> beginToStop() {
            stopped = true;
            return sidecar.stop();
        }
    }
}
