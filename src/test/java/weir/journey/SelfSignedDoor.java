package weir.journey;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.app.Settings;
import weir.app.TlsReader;
import weir.app.WeirConfig;

/** A port for TLS beside the plain one, with a certificate of the sidecar's own. */
public final class SelfSignedDoor {
    private SelfSignedDoor() {}

    private record Tls(String selfSignedAt) implements WeirConfig.ListenTls {
        @Override
        public String address() {
            return "127.0.0.1:0";
        }

        @Override
        public Optional<String> certificate() {
            return Optional.empty();
        }

        @Override
        public Optional<String> key() {
            return Optional.empty();
        }

        @Override
        public Optional<String> selfSigned() {
            return Optional.of(selfSignedAt);
        }
    }

    /** These settings with such a port; whom to trust is written to {@code ca}. */
    public static Settings settings(Settings usual, Path ca) {
        List<String> wrong = new ArrayList<>();
        Settings settings =
                new Settings(
                        usual.host(),
                        usual.port(),
                        TlsReader.read(new Tls(ca.toString()), wrong),
                        1,
                        usual.redis(),
                        usual.ledgerDeadlineMillis(),
                        false,
                        usual.bounds(),
                        usual.drainMillis(),
                        usual.sidecar());
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(wrong.toString());
        }
        return settings;
    }
}
