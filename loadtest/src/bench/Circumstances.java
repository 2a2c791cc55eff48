package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** Beside the usual key and its four limits many keys, and a rule for each of half of them. */
    Map<String, String> manyKeysAndRules() throws IOException {
        String keys = repeated("    - { name: k%1$d, tenant: t%1$d, sha256: %1$064x }", KEYS);
        String rules =
                repeated(
                        "  - { name: r%1$d, match: { key: k%1$d }, per: [key], requests: 9/min }",
                        RULES);
        return usual("many.yaml", Map.of("  keys:", keys, "limits:", rules));
    }

    private static String repeated(String line, int times) {
        return IntStream.range(0, times)
                .mapToObj(line::formatted)
                .collect(Collectors.joining("\n"));
    }

    /** A provider over TLS, with a certificate that is made here. */
    Map<String, String> tls() throws IOException, InterruptedException {
        try {
            SelfSigned.write(certificate(), key());
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate can be made here", e);
        }
        String trust = "    tls: { ca: \"%s\" }".formatted(certificate().toAbsolutePath());
        return usual("tls.yaml", Map.of("  openai:", trust));
    }

    /** A copy of the usual weir.yaml with something behind some of its lines. */
    private Map<String, String> usual(String name, Map<String, String> behind) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(USUAL)) {
            lines.add(line);
            if (behind.containsKey(line)) {
                lines.add(behind.get(line));
            }
        }
        return Map.of("WEIR_CONFIG", Files.write(directory.resolve(name), lines).toString());
    }

    Path certificate() {
        return directory.resolve("cert.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }
}
