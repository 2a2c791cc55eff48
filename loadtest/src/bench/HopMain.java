package bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * The floor of our own runtime: the least that a Vert.x proxy can do, and the least with one script
 * in Redis for each call. It reads nothing, counts nothing and logs nothing.
 *
 * <pre> HopMain PORT PROVIDER_PORT EVENT_LOOPS [REDIS_PORT] </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends its connection
public final class HopMain extends AbstractVerticle {
    /** One token bucket, which is what a limiter does at least. */
    private static final String BUCKET =
            """
            local now = redis.call('TIME')
            local seconds = now[1] + now[2] / 1000000
            local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
            local gained = (seconds - (bucket[2] or seconds)) * 1e6
            local level = math.min(1e9, (bucket[1] or 1e9) + gained)
            if level < tonumber(ARGV[1]) then return 0 end
            redis.call('HSET', KEYS[1], 'level', level - ARGV[1], 'at', seconds)
            redis.call('PEXPIRE', KEYS[1], 60000)
            return 1
            """;

    private static final int MOST_CONNECTIONS = 10_000;

    private final int port;
    private final int providerPort;
    private final int redisPort;
    private @Nullable RedisConnection redis;
    private String script = "";

    private HopMain(int port, int providerPort, int redisPort) {
        this.port = port;
        this.providerPort = providerPort;
        this.redisPort = redisPort;
    }

    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        int providerPort = Integer.parseInt(args[1]);
        int redisPort = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
                .deployVerticle(
                        () -> new HopMain(port, providerPort, redisPort),
                        new DeploymentOptions().setInstances(Integer.parseInt(args[2])))
                .onFailure(e -> {
                    System.err.println("the hop could not start: " + e.getMessage());
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        HttpClient client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setDefaultHost("127.0.0.1")
                                .setDefaultPort(providerPort)
                                .setTcpNoDelay(true),
                        new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        connectRedis()
                .compose(ready ->
                        vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                                .requestHandler(request -> serve(client, request))
                                .listen(port, "127.0.0.1"))
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private Future<Void> connectRedis() {
        if (redisPort == 0) {
            return Future.succeededFuture();
        }
        return Redis.createClient(vertx, "redis://127.0.0.1:" + redisPort)
                .connect()
                .compose(connection -> {
                    redis = connection;
                    return connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(BUCKET));
                })
                .map(sha -> {
                    script = sha.toString();
                    return null;
                });
    }

    private void serve(HttpClient client, HttpServerRequest request) {
        if (redis == null) {
            forward(client, request);
            return;
        }
        request.pause();
        redis.send(Request.cmd(Command.EVALSHA).arg(script).arg(1).arg("hop:bucket").arg(1))
                .onSuccess(allowed -> {
                    request.resume();
                    forward(client, request);
                })
                .onFailure(e -> request.response().setStatusCode(503).end());
    }

    private static void forward(HttpClient client, HttpServerRequest request) {
        request.pause();
        client.request(request.method(), request.uri())
                .compose(upstream -> send(upstream, request))
                .compose(answer -> back(answer, request.response()))
                .onFailure(e -> request.response().reset());
    }

    private static Future<HttpClientResponse> send(
            HttpClientRequest upstream, HttpServerRequest request) {
        upstream.headers().setAll(request.headers());
        return upstream.send(request);
    }

    private static Future<Void> back(HttpClientResponse answer, HttpServerResponse response) {
        response.setStatusCode(answer.statusCode());
        response.headers().setAll(answer.headers());
        return answer.pipeTo(response);
    }
}
