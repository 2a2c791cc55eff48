package weir.ledger;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayList;
import java.util.List;

/** What comes before the first question on a connection: it gets the scripts, and is a master's. */
final class Handshake {
    private Handshake() {}

    static Future<RedisConnection> with(RedisConnection fresh) {
        return load(fresh).compose(Handshake::requireMaster);
    }

    private static Future<RedisConnection> load(RedisConnection fresh) {
        List<Request> loads = new ArrayList<>();
        for (Script script : Script.values()) {
            loads.add(Request.cmd(Command.SCRIPT, "LOAD", script.source()));
        }
        return fresh.batch(loads).map(fresh);
    }

    /** A Redis that does not say what it is (no permission, a proxy) is believed to be one. */
    private static Future<RedisConnection> requireMaster(RedisConnection fresh) {
        return fresh.send(Request.cmd(Command.ROLE))
                .map(role -> role == null ? "nothing" : role.get(0).toString())
                .recover(error ->
                        error instanceof ErrorType
                                ? Future.succeededFuture("master")
                                : Future.failedFuture(error))
                .compose(role ->
                        role.equals("master")
                                ? Future.succeededFuture(fresh)
                                : Future.failedFuture(
                                        new LedgerUnavailableException("a replica, no master")));
    }
}
