package weir.app;

import io.quarkus.runtime.annotations.StaticInitSafe;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Process settings as Quarkus reads them; each can be an environment variable ({@code WEIR_LISTEN}
 * for {@code weir.listen}). They become {@link Settings} at once.
 */
@StaticInitSafe
@ConfigMapping(prefix = "weir")
public interface WeirConfig {
    String DEFAULT_FILE = "weir.yaml";

    /** The file with providers, callers and limits. */
    @WithDefault(DEFAULT_FILE)
    String config();

    /** Where applications call: host:port. */
    @WithDefault("127.0.0.1:4141")
    String listen();

    /** Event loops for calls; the number of processors, at most 4, if not set. */
    OptionalInt eventLoops();

    Admin admin();

    Redis redis();

    Ledger ledger();

    /** The largest request body, in bytes, that is accepted where a limit has to look into it. */
    @WithDefault("33554432")
    int maxBodyBytes();

    /** How long a request body may pause. */
    @WithDefault("30s")
    Duration receiveTimeout();

    /** How long calls in flight may take to finish after SIGTERM. */
    @WithDefault("25s")
    Duration drainTimeout();

    /** TLS for applications on the same host, beside the plain port. */
    @WithName("listen.tls")
    ListenTls tls();

    /** Either a certificate with its key, or one that is made at the start. */
    interface ListenTls {
        /** Where calls are taken over TLS: host:port. */
        @WithDefault("127.0.0.1:4143")
        String address();

        /** A PEM file with a certificate, and those that vouch for it. */
        Optional<String> certificate();

        /** A PEM file with the certificate's key. */
        Optional<String> key();

        /**
         * Makes a certificate for localhost at each start and writes it here, in PEM, for
         * applications to trust. Its key stays in this process.
         */
        Optional<String> selfSigned();
    }

    /** The operator's side. */
    interface Admin {
        /** Where health, metrics and administration are served: host:port. */
        @WithDefault("127.0.0.1:4142")
        String listen();

        /** The bearer token for /admin; without one it answers 403. */
        Optional<String> token();
    }

    /** The shared ledger; see {@link RedisReader}. */
    interface Redis {
        /** redis://[user[:password]@]host[:port][,host[:port]...][/database]; rediss:// for TLS. */
        Optional<String> url();

        /** {@code standalone}, {@code sentinel} or {@code cluster}. */
        @WithDefault("standalone")
        String type();

        /** The master's name, as the sentinels know it. */
        Optional<String> master();

        Optional<String> password();

        /** A file that holds the password. */
        Optional<String> passwordFile();

        Tls tls();

        /** PEM files. */
        interface Tls {
            /** Whom to trust instead of the system's authorities. */
            Optional<String> ca();

            /** The certificate to show, where Redis asks for one; with its key. */
            Optional<String> cert();

            Optional<String> key();
        }
    }

    /** How limits are counted. */
    interface Ledger {
        /**
         * {@code auto}: requests are granted from parts of the limits that were taken ahead of
         * need, with no round trip to Redis. {@code off}: one round trip a request.
         */
        @WithDefault("auto")
        String lease();

        /** After which a ledger that has not answered counts as down. */
        @WithDefault("50ms")
        Duration deadline();

        /** After which a reservation that nobody settled is charged in full. */
        @WithDefault("61m")
        Duration reservationTtl();
    }
}
