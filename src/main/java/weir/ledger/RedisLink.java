package weir.ledger;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
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
 * dropped. Every attempt has its own client ({@link RedisServers#client}).
 *
 * <p>A connection is to a master. Before every attempt the link asks where the master is, which
 * Sentinel may answer anew each time; a server that says it is a replica is left at once, and so is
 * one that turns into a replica ({@code READONLY}), whatever the installation.
 */
final class RedisLink implements Shard {
    /**
     * Short enough that no queue builds up behind a dead connection, long against any healthy pause
     * of Redis.
     */
    private static final long WATCH_MILLIS = 1_000;

    /** Between two looks whether a Redis that was slow answers in time again. */
    private static final long PROBE_MILLIS = 50;

    private static final long FIRST_BACK_OFF_MILLIS = 50;
    private static final long LAST_BACK_OFF_MILLIS = 2_000;

    /**
     * Questions that may be unanswered: what a healthy Redis answers within a deadline, and more
     * than that would miss it.
     */
    private static final int MAX_IN_FLIGHT = 4_096;

    private final Vertx vertx;
    private final Context context;
    private final RedisServers servers;
    private final Supplier<Future<String>> master;
    private final Supplier<Circuit> circuits;
    private final List<Runnable> whenConnected = new ArrayList<>();
    private final List<Runnable> whenLost = new ArrayList<>();

    /**
     * Counts connections, and losses of them, so that what belongs to an earlier one is known by
     * its number.
     */
    private int attempt;

    private @Nullable Redis client;
    private @Nullable RedisConnection connection;
    private Circuit circuit;
    private Promise<Void> tried = Promise.promise();
    private long backOffMillis = FIRST_BACK_OFF_MILLIS;
    private int inFlight;
    private long answered;
    private boolean closed;

    /**
     * To a stand-alone Redis, or to the master that sentinels know. Begins to connect, on the event
     * loop of the caller.
     *
     * @param circuits gives one for each connection
     */
    RedisLink(Vertx vertx, RedisOptions options, Supplier<Circuit> circuits) {
        this(vertx, new RedisServers(vertx, options), master(vertx, options), circuits);
    }

    /**
     * @param master gives the connection string for each attempt
     */
    RedisLink(
            Vertx vertx,
            RedisServers servers,
            Supplier<Future<String>> master,
            Supplier<Circuit> circuits) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.servers = servers;
        this.master = master;
        this.circuits = circuits;
        this.circuit = circuits.get();
        context.runOnContext(v -> connect());
    }

    private static Supplier<Future<String>> master(Vertx vertx, RedisOptions options) {
        RedisServers servers = new RedisServers(vertx, options);
        if (options.getType() == RedisClientType.SENTINEL) {
            return new RedisSentinels(servers, options.getMasterName())::master;
        }
        return () -> Future.succeededFuture(options.getEndpoint());
    }

    @Override
    public boolean isReady() {
        return connection != null && inFlight < MAX_IN_FLIGHT && !circuit.isOpen();
    }

    @Override
    public boolean isConnected() {
        return connection != null;
    }

    @Override
    public void onConnected(Runnable task) {
        whenConnected.add(task);
    }

    /** The task runs whenever a connection, or an attempt at one, has failed. */
    void onLost(Runnable task) {
        whenLost.add(task);
    }

    /** Completes when an attempt to connect has ended, well or badly; at once where connected. */
    Future<Void> tried() {
        return connection == null ? tried.future() : Future.succeededFuture();
    }

    @Override
    public Future<@Nullable Response> run(ScriptCall call) {
        return run(call, false);
    }

    /**
     * @param asking whether the server gets these keys from another right now, and is to serve them
     *     already
     */
    Future<@Nullable Response> run(ScriptCall call, boolean asking) {
        RedisConnection now = connection;
        if (now == null || inFlight >= MAX_IN_FLIGHT) {
            return Future.failedFuture(
                    new LedgerUnavailableException(
                            now == null
                                    ? "not connected to Redis"
                                    : "too many questions in flight"));
        }
        int mine = attempt;
        return send(now, call.request(Command.EVALSHA, call.script().sha1()), asking)
                .recover(error ->
                        ScriptCall.says(error, "NOSCRIPT")
                                ? send(
                                        now,
                                        call.request(Command.EVAL, call.script().source()),
                                        asking)
                                : Future.failedFuture(error))
                .onFailure(error -> {
                    if (ScriptCall.isFromReplica(error)) {
                        lose(mine);
                    }
                });
    }

    /** Drops the connection; what is in flight fails. */
    @Override
    public void close() {
        closed = true;
        lose(attempt);
    }

    private Future<@Nullable Response> send(RedisConnection to, Request request, boolean asking) {
        if (asking) {
            // Holds for the one command after it.
            to.send(Request.cmd(Command.ASKING));
        }
        Circuit asked = circuit;
        asked.asked();
        inFlight++;
        return to.send(request)
                .andThen(result -> {
                    inFlight--;
                    answered++;
                    asked.answered();
                    if (asked.isOpen()) {
                        vertx.setTimer(PROBE_MILLIS, t -> probe(asked));
                    }
                });
    }

    /** Asks for nothing, to see whether answers are still late; one at a time. */
    private void probe(Circuit late) {
        if (late == circuit && late.isSilent()) {
            run(Script.READ, List.of(), List.of("0", "0"));
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        int mine = ++attempt;
        long timer = vertx.setTimer(RedisServers.CONNECT_MILLIS, t -> lose(mine));
        master.get()
                .compose(server -> open(server, mine))
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
                    circuit = circuits.get();
                    backOffMillis = FIRST_BACK_OFF_MILLIS;
                    watch(mine, -1);
                    tried.tryComplete();
                    whenConnected.forEach(Runnable::run);
                });
    }

    private Future<RedisConnection> open(String server, int mine) {
        if (attempt != mine) {
            return Future.failedFuture(new LedgerUnavailableException("too late"));
        }
        // The client's own bound is higher than that of this link, so it is never met.
        Redis fresh = servers.client(server, 2 * MAX_IN_FLIGHT);
        client = fresh;
        return fresh.connect().compose(Handshake::with);
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
        long mark = inFlight > 0 ? answered : -1;
        vertx.setTimer(WATCH_MILLIS, t -> watch(watched, mark));
    }

    private void lose(int lost) {
        if (attempt != lost) {
            return;
        }
        attempt++;
        connection = null;
        if (client != null) {
            client.close();
            client = null;
        }
        Promise<Void> ended = tried;
        tried = Promise.promise();
        ended.tryComplete();
        if (!closed) {
            long half = backOffMillis / 2;
            long delay = half + ThreadLocalRandom.current().nextLong(half + 1);
            backOffMillis = Math.min(2 * backOffMillis, LAST_BACK_OFF_MILLIS);
            context.runOnContext(v -> vertx.setTimer(Math.max(1, delay), t -> connect()));
            whenLost.forEach(Runnable::run);
        }
    }
}
