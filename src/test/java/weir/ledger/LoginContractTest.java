package weir.ledger;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import weir.redis.TestRedis;
import weir.redis.TestRedis.Encrypted;
import weir.redis.TestTls;

/**
 * The ledger as a user who may do what README.md says and nothing else, over TLS and with a
 * certificate of its own where the server has it.
 */
final class LoginContractTest extends LeaseContract {
    /** README.md has the same line. */
    private static final String[] USER = {
        "ACL",
        "SETUSER",
        "weir",
        "on",
        ">s3cret",
        "~weir:*",
        "+@read",
        "+@write",
        "+@connection",
        "-@dangerous",
        "+evalsha",
        "+eval",
        "+script|load",
        "+time",
        "+role",
        "+cluster|slots"
    };

    private static final class Server {
        static final TestTls TLS = new TestTls();
        static final Optional<Encrypted> ENCRYPTED = TestRedis.startWith(TLS);
        static final TestRedis REDIS =
                ENCRYPTED.map(Encrypted::redis).orElseGet(TestRedis::startWith);

        static {
            String answer = REDIS.command(USER);
            if (!answer.equals("OK")) {
                throw new IllegalStateException(answer);
            }
        }

        static RedisOptions options() {
            String address =
                    ENCRYPTED
                            .map(e -> "rediss://localhost:" + e.port())
                            .orElse("redis://localhost:" + REDIS.port());
            NetClientOptions network = new NetClientOptions();
            if (ENCRYPTED.isPresent()) {
                network.setSsl(true)
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(new PemTrustOptions().addCertPath(TLS.ca()))
                        .setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .setCertPath(TLS.certificate())
                                        .setKeyPath(TLS.key()));
            }
            return new RedisOptions()
                    .setConnectionString(address + "/?user=weir")
                    .setPassword("s3cret")
                    .setNetClientOptions(network);
        }
    }

    @Override
    Bench open(AtomicLong micros) {
        return Bench.redis(
                micros,
                new RedisLedger.Settings("test", Server.options(), 10_000, micros::get),
                micros::get);
    }

    @Override
    long counters(Bench bench) {
        return ClusterBench.counters(bench, Server.REDIS);
    }
}
