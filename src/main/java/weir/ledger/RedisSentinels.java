package weir.ledger;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * Knows the present master by asking the sentinels, anew before every connect. They are asked
 * without a login first, because they often have none where Redis has one, then with the same.
 *
 * <p>There is no subscription to their announcements: a master that dies breaks its connections, a
 * master that is demoted has them closed by the sentinels, and one that was demoted behind their
 * back answers {@code READONLY}. Each makes the link drop its connection and come here.
 */
final class RedisSentinels {
    private final RedisServers servers;
    private final String master;

    RedisSentinels(RedisServers servers, String master) {
        this.servers = servers;
        this.master = master;
    }

    /** The connection string of the master. */
    Future<String> master() {
        return ask(servers.anonymous()).recover(e -> ask(servers));
    }

    private Future<String> ask(RedisServers sentinels) {
        Request question = Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(master);
        return sentinels.askAny(sentinels.configured(), question, this::address);
    }

    private String address(@Nullable Response answer) {
        if (answer == null || answer.size() < 2) {
            throw new LedgerUnavailableException("the sentinels know no master \"" + master + '"');
        }
        return servers.at(answer);
    }
}
