package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The servers of one installation of Redis: how to name them, and how to ask any of them.
 *
 * <p>A server is named by a connection string, {@code redis://host:port}. Those that a sentinel or
 * a cluster names are reached as the configured ones are: same scheme, database and login.
 */
final class RedisServers {
    static final long CONNECT_MILLIS = 2_000;

    private final Vertx vertx;
    private final RedisOptions options;

    RedisServers(Vertx vertx, RedisOptions options) {
        this.vertx = vertx;
        this.options =
                new RedisOptions(options)
                        .setType(RedisClientType.STANDALONE)
                        .setMaxPoolSize(1)
                        .setPoolCleanerInterval(-1)
                        .setPoolRecycleTimeout(-1)
                        .setNetClientOptions(
                                new NetClientOptions(options.getNetClientOptions())
                                        .setConnectTimeout((int) CONNECT_MILLIS));
    }

    List<String> configured() {
        return options.getEndpoints();
    }

    /**
     * A server as Redis names it: a list of host and port, and maybe more. One that does not know
     * its own host is where the others are.
     */
    String at(Response named) {
        Response host = named.get(0);
        return at(host == null ? "" : host.toString(), number(named, 1));
    }

    /** A server whose host and port are known, the host possibly empty. */
    String at(String named, int port) {
        boolean unknown = named.isEmpty() || named.equals("?");
        String host = unknown ? URI.create(options.getEndpoint()).getHost() : named;
        URI first = URI.create(options.getEndpoint());
        String login = first.getRawUserInfo() == null ? "" : first.getRawUserInfo() + "@";
        String query = first.getRawQuery() == null ? "" : "?" + first.getRawQuery();
        String written = host.contains(":") ? "[" + host + "]" : host;
        return first.getScheme()
                + "://"
                + (login + written + ":" + port)
                + (first.getRawPath() + query);
    }

    /** An element of a list. */
    static int number(Response list, int index) {
        Response element = list.get(index);
        Integer number = element == null ? null : element.toInteger();
        if (number == null) {
            throw new LedgerUnavailableException("Redis said " + element + " for a number");
        }
        return number;
    }

    /**
     * A client of its own for every connection: closing it is the one way to be sure that the
     * socket, whatever state its handshake is in, is closed with it.
     */
    Redis client(String server, int maxInFlight) {
        return Redis.createClient(
                vertx,
                new RedisOptions(options)
                        .setEndpoints(List.of(server))
                        .setMaxWaitingHandlers(maxInFlight));
    }

    /**
     * Asks all of them at once, each on a connection for this one question, and takes the first
     * answer that makes sense: whoever is dead or silent delays nobody.
     *
     * @param meaning of an answer; throws where it has none
     */
    <T> Future<T> askAny(
            Collection<String> servers, Request question, Function<Response, T> meaning) {
        Promise<T> first = Promise.promise();
        List<Future<T>> asked =
                servers.stream()
                        .map(server ->
                                ask(server, question).map(meaning).onSuccess(first::tryComplete))
                        .toList();
        Future.join(asked)
                .onComplete(all ->
                        first.tryFail(
                                new LedgerUnavailableException(
                                        "none of "
                                                + servers.stream()
                                                        .map(s -> URI.create(s).getHost())
                                                        .toList()
                                                + " answered")));
        return first.future();
    }

    private Future<Response> ask(String server, Request question) {
        Redis client = client(server, 1 << 4);
        Promise<Response> answer = Promise.promise();
        long timer =
                vertx.setTimer(
                        CONNECT_MILLIS,
                        t -> answer.tryFail(new LedgerUnavailableException("no answer")));
        client.connect()
                .compose(c -> c.send(question))
                .onComplete(r -> {
                    if (r.succeeded()) {
                        answer.tryComplete(r.result());
                    } else {
                        answer.tryFail(r.cause());
                    }
                });
        return answer.future()
                .onComplete(done -> {
                    vertx.cancelTimer(timer);
                    client.close();
                });
    }

    /** The same servers without a login. */
    RedisServers anonymous() {
        RedisOptions without = new RedisOptions(options).setPassword(null);
        without.setEndpoints(
                options.getEndpoints().stream()
                        .map(URI::create)
                        .map(u -> Stream.of(u.getScheme(), "://", u.getHost(), ":" + port(u)))
                        .map(parts -> String.join("", parts.toList()))
                        .toList());
        return new RedisServers(vertx, without);
    }

    private static int port(URI server) {
        return server.getPort() < 0 ? 6_379 : server.getPort();
    }
}
