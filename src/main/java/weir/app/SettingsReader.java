package weir.app;

import io.vertx.redis.client.RedisOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import weir.proxy.Bounds;
import weir.proxy.Listener.Door;

/** Turns process settings into {@link Settings}, or says what is wrong with them. */
final class SettingsReader {
    /** Past this many event loops a sidecar would take more of a pod than its application does. */
    private static final int MAX_EVENT_LOOPS = 4;

    private static final String TIME = "a duration such as 50ms or 25s";
    private static final Set<String> LEASES = Set.of("auto", "off");

    /** The ledger keeps no hold longer. */
    private static final Duration MAX_TTL = Duration.ofDays(1);

    private SettingsReader() {}

    /**
     * Reads all of them.
     *
     * @throws IllegalArgumentException naming every setting that is wrong, one a line, what was
     *     found and what is allowed
     */
    static Settings read(WeirConfig config) {
        List<String> wrong = new ArrayList<>();
        check(config, wrong);
        Optional<RedisOptions> redis = RedisReader.read(config.redis(), wrong);
        Optional<Door> tls = TlsReader.read(config.tls(), wrong);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
        HostAndPort listen = HostAndPort.parse("weir.listen", config.listen());
        int processors = Runtime.getRuntime().availableProcessors();
        Bounds bounds =
                new Bounds(
                        config.maxBodyBytes(),
                        config.receiveTimeout().toMillis(),
                        config.ledger().reservationTtl().toMillis());
        return new Settings(
                listen.host(),
                listen.port(),
                tls,
                // Each event loop binds for itself, so only one of them can have any free port.
                listen.port() == 0
                        ? 1
                        : config.eventLoops().orElse(Math.min(processors, MAX_EVENT_LOOPS)),
                redis,
                config.ledger().deadline().toMillis(),
                config.ledger().lease().equals("auto"),
                bounds,
                config.drainTimeout().toMillis(),
                name());
    }

    private static void check(WeirConfig config, List<String> wrong) {
        allow(wrong, "weir.event-loops", config.eventLoops().orElse(1), n -> n >= 1, "1 or more");
        allow(wrong, "weir.max-body-bytes", config.maxBodyBytes(), n -> n >= 1, "1 or more");
        allow(wrong, "weir.receive-timeout", config.receiveTimeout(), SettingsReader::some, TIME);
        allow(wrong, "weir.drain-timeout", config.drainTimeout(), d -> !d.isNegative(), TIME);
        WeirConfig.Ledger ledger = config.ledger();
        allow(wrong, "weir.ledger.deadline", ledger.deadline(), SettingsReader::some, TIME);
        allow(
                wrong,
                "weir.ledger.reservation-ttl",
                ledger.reservationTtl(),
                d -> some(d) && d.compareTo(MAX_TTL) <= 0,
                TIME + ", at most 24h");
        allow(wrong, "weir.ledger.lease", ledger.lease(), LEASES::contains, "auto or off");
    }

    private static <T> void allow(
            List<String> wrong, String setting, T found, Predicate<T> allowed, String words) {
        if (!allowed.test(found)) {
            wrong.add(setting + ": found \"" + found + "\"; allowed: " + words);
        }
    }

    private static boolean some(Duration time) {
        return time.toMillis() > 0;
    }

    /**
     * Random, not the pod's name: a restarted container must not continue the count of the one that
     * died.
     */
    private static String name() {
        byte[] bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
