package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pipelined connection to Redis, used from one event loop, which heals itself.
 *
 * <p>There is one connection and no pool: an answer is never waited for before the next question is
 * written, so one connection carries what the event loop can ask, and scripts of one event loop run
 * in the order in which they were asked. While there is no connection, questions fail at once.
 *
 * <p>A connection can die without a word (a cable, a firewall that forgot it). Hence the watch:
 * where something is in flight and nothing was answered for a whole period, the connection is
 * dropped. Every attempt has its own client, because closing a client is the one way to be sure
 * that its socket, whatever state its handshake is in, is closed with it.
 */
final class RedisLink {
    /**
     * Short enough that no queue builds up behind a dead connection, long against any healthy pause
     * of Redis.
     */
    private static final long WATCH_MILLIS = 1_000;

    private static final long CONNECT_MILLIS = 2_000;
    private static final long FIRST_BACK_OFF_MILLIS = 50;
    private static final long LAST_BACK_OFF_MILLIS = 2_000;

    /**
     * Questions that may be unanswered: what a healthy Redis answers within a deadline, and more
     * than that would miss it. The client's own bound is higher, so it is never met.
     */
    private static final int MAX_IN_FLIGHT = 4_096;

    private final Vertx vertx;
    private final Context context;
    private final RedisOptions options;
    private final long deadlineNanos;

    /**
     * Counts connections, and losses of them, so that what belongs to an earlier one is known by
     * its number.
     */
    private int attempt;

    private @Nullable Redis client;
    private @Nullable RedisConnection connection;
    private Circuit circuit;
    private Runnable whenConnected = () -> {};
    private long backOffMillis = FIRST_BACK_OFF_MILLIS;
    private int inFlight;
    private long answered;
    private boolean closed;

    /**
     * Begins to connect, on the event loop of the caller.
     *
     * @param deadlineMillis after which an answer is late
     */
    RedisLink(Vertx vertx, RedisOptions options, long deadlineMillis) {
        this.vertx = vertx;
        this.deadlineNanos = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
        this.circuit = new Circuit(deadlineNanos);
        this.context = vertx.getOrCreateContext();
        this.options =
                new RedisOptions(options)
                        .setMaxPoolSize(1)
                        .setPoolCleanerInterval(-1)
                        .setPoolRecycleTimeout(-1)
                        .setMaxWaitingHandlers(2 * MAX_IN_FLIGHT)
                        .setNetClientOptions(
                                new NetClientOptions(options.getNetClientOptions())
                                        .setConnectTimeout((int) CONNECT_MILLIS));
        context.runOnContext(v -> connect());
    }

    /** To be called whenever a connection has been made, before anything is asked on it. */
    void whenConnected(Runnable task) {
        whenConnected = task;
    }

    /**
     * Whether a question can be expected to be answered in time; if not, looks whether that ends.
     */
    boolean isReady() {
        if (connection == null || inFlight >= MAX_IN_FLIGHT) {
            return false;
        }
        probe();
        return !isLate();
    }

    /** Whether Redis answers, but not in time. */
    boolean isLate() {
        return circuit.isOpen(System.nanoTime());
    }

    boolean isConnected() {
        return connection != null;
    }

    /**
     * Runs a script.
     *
     * @return its result, whole numbers; a failure does not tell whether it ran, except that one
     *     before anything was sent is a {@link LedgerUnavailableException}
     */
    Future<long[]> run(Script script, List<String> keys, List<String> args) {
        RedisConnection now = connection;
        if (now == null || inFlight >= MAX_IN_FLIGHT) {
            return Future.failedFuture(
                    new LedgerUnavailableException(
                            now == null
                                    ? "not connected to Redis"
                                    : "too many questions in flight"));
        }
        return send(now, request(Command.EVALSHA, script.sha1(), keys, args))
                .recover(error ->
                        isNoScript(error)
                                ? send(now, request(Command.EVAL, script.source(), keys, args))
                                : Future.failedFuture(error));
    }

    /** Drops the connection; what is in flight fails. */
    void close() {
        closed = true;
        lose(attempt);
    }

    private Future<long[]> send(RedisConnection to, Request request) {
        Circuit asked = circuit;
        asked.asked(System.nanoTime());
        inFlight++;
        return to.send(request)
                .andThen(result -> {
                    asked.answered(System.nanoTime());
                    inFlight--;
                    answered++;
                })
                .map(RedisLink::numbers);
    }

    /** Asks for nothing, where answers were late and none is on its way. */
    private void probe() {
        if (isLate() && circuit.isSilent()) {
            run(Script.READ, List.of(), List.of("0"));
        }
    }

    /** One number, or a list of numbers. */
    private static long[] numbers(@Nullable Response response) {
        if (response == null) {
            throw new LedgerUnavailableException("a script answered nothing");
        }
        long[] numbers = new long[response.type() == ResponseType.MULTI ? response.size() : 1];
        for (int i = 0; i < numbers.length; i++) {
            Response one = response.type() == ResponseType.MULTI ? response.get(i) : response;
            Long number = one == null ? null : one.toLong();
            if (number == null) {
                throw new LedgerUnavailableException("a script answered no number");
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private static Request request(
            Command command, String script, List<String> keys, List<String> args) {
        List<Object> all = new ArrayList<>(2 + keys.size() + args.size());
        all.add(script);
        all.add(keys.size());
        all.addAll(keys);
        all.addAll(args);
        return Request.cmd(command, all.toArray());
    }

    private static boolean isNoScript(Throwable error) {
        return error instanceof ErrorType redis && redis.is("NOSCRIPT");
    }

    private void connect() {
        if (closed) {
            return;
        }
        int mine = ++attempt;
        client = Redis.createClient(vertx, options);
        long timer = vertx.setTimer(CONNECT_MILLIS, t -> lose(mine));
        client.connect()
                .compose(RedisLink::load)
                .onComplete(result -> {
                    vertx.cancelTimer(timer);
                    if (attempt != mine) {
                        return;
                    }
                    if (result.failed()) {
                        lose(mine);
                        return;
                    }
                    result.result().exceptionHandler(e -> lose(mine)).endHandler(v -> lose(mine));
                    connection = result.result();
                    circuit = new Circuit(deadlineNanos);
                    backOffMillis = FIRST_BACK_OFF_MILLIS;
                    watch(mine, -1);
                    whenConnected.run();
                });
    }

    private static Future<RedisConnection> load(RedisConnection fresh) {
        List<Request> loads = new ArrayList<>();
        for (Script script : Script.values()) {
            loads.add(Request.cmd(Command.SCRIPT, "LOAD", script.source()));
        }
        return fresh.batch(loads).map(fresh);
    }

    /** Looks once a period whether anything was answered since the last time. */
    private void watch(int watched, long answeredBefore) {
        if (attempt != watched) {
            return;
        }
        if (inFlight > 0 && answered == answeredBefore) {
            lose(watched);
            return;
        }
        probe();
        long mark = inFlight > 0 ? answered : -1;
        vertx.setTimer(WATCH_MILLIS, t -> watch(watched, mark));
    }

    private void lose(int lost) {
        if (attempt != lost || client == null) {
            return;
        }
        attempt++;
        connection = null;
        client.close();
        client = null;
        if (!closed) {
            long half = backOffMillis / 2;
            long delay = half + ThreadLocalRandom.current().nextLong(half + 1);
            backOffMillis = Math.min(2 * backOffMillis, LAST_BACK_OFF_MILLIS);
            context.runOnContext(v -> vertx.setTimer(Math.max(1, delay), t -> connect()));
        }
    }
}
