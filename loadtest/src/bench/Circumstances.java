package bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import loadtest.SelfSigned;

/** Under which else Weir is measured: what is set for it beside a usual run. */
final class Circumstances {
    private static final Path USUAL = Path.of("loadtest/own/weir.yaml");

    /** What the heap of the image holds with room to spare. */
    private static final int KEYS = 20_000;

    /** With the usual ones, the most that weir.yaml may have. */
    private static final int RULES = 9_997;

    private final Path directory;

    /**
     * @param directory where their files are written
     */
    Circumstances(Path directory) {
        this.directory = directory;
    }

    static Map<String, String> oneEventLoop() {
        return Map.of("WEIR_EVENT_LOOPS", "1");
    }

    /** Beside the usual key and its four limits, many keys and a rule for every second of them. */
    Map<String, String> manyKeysAndRules() throws IOException {
        Path file = directory.resolve("many.yaml");
        try (BufferedWriter yaml = Files.newBufferedWriter(file)) {
            for (String line : Files.readAllLines(USUAL)) {
                yaml.write(line + "\n");
                if (line.equals("  keys:")) {
                    for (int i = 0; i < KEYS; i++) {
                        yaml.write(
                                "    - { name: k%d, tenant: t%d, sha256: %064x }\n"
                                        .formatted(i, i, i));
                    }
                } else if (line.equals("limits:")) {
                    for (int i = 0; i < RULES; i++) {
                        yaml.write(
                                "  - { name: r%d, match: { key: k%d }, per: [key], requests: 9/min }\n"
                                        .formatted(i, i));
                    }
                }
            }
        }
        return Map.of("WEIR_CONFIG", file.toString());
    }

    /** A provider over TLS, with a certificate that is made here. */
    Map<String, String> tls() throws IOException, InterruptedException {
        try {
            SelfSigned.write(certificate(), key());
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate can be made here", e);
        }
        return Map.of(
                "WEIR_CONFIG",
                "loadtest/own/weir-tls.yaml",
                "WEIR_BENCH_CA",
                certificate().toAbsolutePath().toString());
    }

    Path certificate() {
        return directory.resolve("cert.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }
}
