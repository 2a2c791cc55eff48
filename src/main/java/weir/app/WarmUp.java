package weir.app;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import weir.key.Caller;
import weir.key.KeyRing;
import weir.limit.Bucket;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Unit;
import weir.limit.Window;
import weir.observe.Log;
import weir.provider.Providers;
import weir.proxy.Rules;
import weir.proxy.Upstream;

/**
 * A few calls before the first one, so that it does not meet a process that has yet to load its
 * code and a ledger that has yet to load its scripts: on a small machine that takes longer than the
 * ledger's deadline, and limits that are closed would refuse calls for it.
 *
 * <p>They go the whole way, through a sidecar of their own, from a loopback port to a stub of a
 * provider on another, and are counted by the ledger under limits that nobody else has. Nothing of
 * them shows in metrics or in the log. The ledger keeps of them a budget of the present hour, some
 * hundred bytes that all sidecars share, for a day. A ledger that is away, or anything that goes
 * wrong, is no reason not to start.
 */
final class WarmUp {
    private static final String HOST = "127.0.0.1";
    private static final String NAME = "warm-up";
    private static final String VENDOR = "openai";

    /** All of it takes no longer. */
    private static final long MOST_MILLIS = 3_000;

    /** A ledger that takes longer to be reached is away. */
    private static final int LOOKS = 50;

    private static final long LOOK_MILLIS = 10;

    /** Enough to load everything, and to have the busiest of it compiled once. */
    private static final int ROUNDS = 100;

    /** On a machine that is slow, or busy, fewer calls have to do. */
    private static final long CALLS_MILLIS = 1_000;

    private static final int AT_ONCE = 4;
    private static final long PLENTY = 1_000_000_000;
    private static final String ASK =
            "{\"model\":\"gpt-4.1-nano\",\"stream\":STREAM,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}";
    private static final String ANSWER =
            "{\"model\":\"gpt-4.1-nano\",\"choices\":[{\"message\":{\"content\":\"Hi\"}}],"
                    + USAGE
                    + "}";
    private static final String EVENTS =
            "data: {\"model\":\"gpt-4.1-nano\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"
                    + "data: {\"model\":\"gpt-4.1-nano\",\"choices\":[],"
                    + USAGE
                    + "}\n\ndata: [DONE]\n\n";

    private final Vertx vertx;
    private final Settings settings;
    private final HttpClient client;
    private boolean enough;

    private WarmUp(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.client = vertx.createHttpClient();
    }

    /** Completes when it is over, however it went. */
    static Future<Void> run(Vertx vertx, Settings settings) {
        if (settings.redis().isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        WarmUp warmUp = new WarmUp(vertx, settings);
        vertx.setTimer(MOST_MILLIS, t -> over.tryComplete());
        vertx.runOnContext(v -> warmUp.run().onComplete(done -> over.tryComplete()));
        return over.future().andThen(done -> warmUp.client.close());
    }

    private Future<Void> run() {
        return vertx.createHttpServer()
                .requestHandler(WarmUp::answer)
                .listen(0, HOST)
                .compose(provider -> through(provider).eventually(() -> provider.close()));
    }

    private static void answer(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> {
                    boolean stream = body.toString().contains("\"stream\":true");
                    String type = stream ? "text/event-stream" : "application/json";
                    request.response()
                            .putHeader("content-type", type)
                            .end(stream ? EVENTS : ANSWER);
                });
    }

    private Future<Void> through(HttpServer provider) {
        Sidecar sidecar =
                new Sidecar(
                        vertx,
                        settings.forOne(HOST, settings.sidecar() + "-" + NAME),
                        rules(provider.actualPort()),
                        PriceBookReader.bundled(),
                        new Sidecar.Telemetry(
                                new SimpleMeterRegistry(),
                                new Log(line -> {}, System::currentTimeMillis)));
        return sidecar.start()
                .compose(v -> whenUp(sidecar, LOOKS))
                .compose(v -> calls(sidecar.port()))
                .eventually(sidecar::stop);
    }

    private Future<Void> whenUp(Sidecar sidecar, int looks) {
        if (sidecar.ledgerIsUp()) {
            return Future.succeededFuture();
        }
        if (looks == 0) {
            return Future.failedFuture("the ledger is away");
        }
        Promise<Void> later = Promise.promise();
        vertx.setTimer(LOOK_MILLIS, t -> whenUp(sidecar, looks - 1).onComplete(later));
        return later.future();
    }

    private Future<Void> calls(int port) {
        RequestOptions to =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(HOST)
                        .setPort(port)
                        .setURI("/" + NAME + "/v1/chat/completions")
                        .putHeader("content-type", "application/json");
        vertx.setTimer(CALLS_MILLIS, t -> enough = true);
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            all.add(calls(to, ROUNDS));
        }
        return Future.all(all).mapEmpty();
    }

    private Future<Void> calls(RequestOptions to, int rounds) {
        return rounds == 0 || enough
                ? Future.succeededFuture()
                : call(to, rounds % 2 == 0).compose(v -> calls(to, rounds - 1));
    }

    private Future<Void> call(RequestOptions to, boolean stream) {
        return client.request(to)
                .compose(request -> request.send(ASK.replace("STREAM", String.valueOf(stream))))
                .compose(HttpClientResponse::body)
                .mapEmpty();
    }

    private static Rules rules(int port) {
        Upstream stub =
                new Upstream(
                        NAME,
                        Objects.requireNonNull(Providers.ALL.get(VENDOR)),
                        URI.create("http://" + HOST + ":" + port),
                        List.of(),
                        Upstream.Timeouts.DEFAULT,
                        false,
                        null,
                        false,
                        false,
                        false);
        Function<Unit, Meter> rate =
                unit -> new Meter.Rate(unit, new Bucket(PLENTY, 1_000_000, PLENTY));
        Window hour = new Window(Window.Period.HOUR, ZoneOffset.UTC);
        List<Meter> meters =
                List.of(
                        rate.apply(Unit.REQUESTS),
                        rate.apply(Unit.TOKENS),
                        new Meter.Concurrency(PLENTY),
                        new Meter.Spend(Meter.Spend.MAX_NANO_USD, hour));
        Limit limit = new Limit(NAME, Match.ALL, List.of(), meters, Policy.DEFAULT);
        KeyRing keys = new KeyRing(List.of(), Caller.ofTenant(NAME));
        return new Rules(Map.of(NAME, stub), keys, List.of(limit), List.of());
    }
}
