package loadtest;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;

/**
 * A stand-in for OpenAI and Anthropic on one port. It answers as they do, formats, headers and
 * usage, and misbehaves on request: {@link Script} has the words. What it has seen is in its {@link
 * Recorder}.
 *
 * <p>It understands {@code POST /v1/chat/completions}, {@code /v1/completions}, {@code
 * /v1/responses}, {@code /v1/responses/input_tokens}, {@code /v1/embeddings}, {@code
 * /v1/moderations}, {@code /v1/messages}, {@code /v1/messages/count_tokens} and {@code GET
 * /v1/models}.
 */
public final class SimulatedProvider {
    /** As large as the vendors take, and one test's header of 100 KB. */
    private static final int MAX_HEADER_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final SimulatedOptions options;
    private final Recorder recorder = new Recorder();
    private final Failures failures = new Failures();
    private volatile Script script;
    private volatile int port;
    private volatile String deployment = "";

    private SimulatedProvider(Vertx vertx, SimulatedOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.script = parse(options.script());
    }

    /**
     * Starts one; the future fails if it cannot listen.
     *
     * @throws IllegalArgumentException if the options' script has a word that there is not
     */
    public static Future<SimulatedProvider> start(Vertx vertx, SimulatedOptions options) {
        SimulatedProvider provider = new SimulatedProvider(vertx, options);
        return provider.deploy().map(id -> provider);
    }

    private Future<String> deploy() {
        return vertx.deployVerticle(
                        () ->
                                new AbstractVerticle() {
                                    @Override
                                    public void start(Promise<Void> started) {
                                        listen(vertx).<Void>mapEmpty().onComplete(started);
                                    }
                                },
                        new DeploymentOptions().setInstances(options.eventLoops()))
                .onSuccess(id -> deployment = id);
    }

    private Future<HttpServer> listen(Vertx loop) {
        return loop.createHttpServer(serverOptions())
                .connectionHandler(connection -> {
                    recorder.opened();
                    connection.closeHandler(v -> recorder.closed());
                })
                .requestHandler(request -> new Service(loop, this, request).begin())
                // A negative port is a free one that all event loops of a deployment share.
                .listen(options.port() == 0 ? -1 : options.port(), options.host())
                .onSuccess(server -> port = server.actualPort());
    }

    private HttpServerOptions serverOptions() {
        HttpServerOptions server =
                new HttpServerOptions()
                        .setTcpNoDelay(true)
                        .setHandle100ContinueAutomatically(true)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setAcceptBacklog(4096);
        if (options.certPath() != null && options.keyPath() != null) {
            server.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                            new PemKeyCertOptions()
                                    .addCertPath(options.certPath())
                                    .addKeyPath(options.keyPath()));
        }
        return server;
    }

    /** Stops listening and closes every connection. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Scheme, host and port, without a slash at the end and without {@code /v1}. */
    public String baseUrl() {
        String scheme = options.certPath() == null ? "http" : "https";
        return scheme + "://" + options.host() + ":" + port;
    }

    public Recorder recorder() {
        return recorder;
    }

    /**
     * From now on, how to treat requests that ask for nothing else.
     *
     * @param words as in {@code x-sim}; empty for good behaviour
     * @throws IllegalArgumentException if there is no such word
     */
    public void behave(String words) {
        script = parse(words);
    }

    private static Script parse(String words) {
        return switch (Script.DEFAULT.with(words)) {
            case Script.Parsed.Good good -> good.script();
            case Script.Parsed.Bad bad ->
                    throw new IllegalArgumentException("no word of the script: " + bad.word());
        };
    }

    Script script() {
        return script;
    }

    Failures failures() {
        return failures;
    }

    SimulatedOptions options() {
        return options;
    }
}
