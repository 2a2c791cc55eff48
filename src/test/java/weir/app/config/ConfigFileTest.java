package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.key.Caller;
import weir.key.Credential;
import weir.key.KeyRing;
import weir.key.Proof;
import weir.limit.Bucket;
import weir.limit.Dimension;
import weir.limit.Glob;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Unit;
import weir.limit.Window;
import weir.proxy.Rules;
import weir.proxy.Upstream;

final class ConfigFileTest {
    private static final String PROVIDER =
            "providers: { openai: { credentials: [{ name: a, secret: ${OPENAI_API_KEY} }] } }\n";
    private static final String CALLER = "callers: { default-tenant: shop }\n";

    @TempDir private Path folder = Path.of("");

    @Test
    void upstreamsComeOutAsWritten() {
        Map<String, Upstream> upstreams = everything().upstreams();
        assertEquals(Set.of("openai", "local-vllm"), upstreams.keySet());

        Upstream openai = upstream(upstreams, "openai");
        assertEquals("openai", openai.provider().name());
        assertEquals(URI.create("https://api.openai.com"), openai.baseUrl());
        assertEquals(
                List.of("sk-from-the-environment", "sk-from-a-file"),
                openai.credentials().stream().map(ConfigFileTest::secret).toList());
        assertEquals(new Upstream.Timeouts(500, 120_000, 30_000, 3_600_000), openai.timeouts());
        assertTrue(openai.http2() && openai.drainOnDisconnect() && !openai.free());

        Upstream vllm = upstream(upstreams, "local-vllm");
        assertEquals("openai", vllm.provider().name());
        assertEquals(URI.create("http://127.0.0.1:8000"), vllm.baseUrl());
        assertEquals(List.of(), vllm.credentials());
        assertEquals(Upstream.Timeouts.DEFAULT, vllm.timeouts());
        assertTrue(vllm.free() && !vllm.http2() && !vllm.drainOnDisconnect());
    }

    @Test
    void callersComeOutAsWritten() {
        KeyRing.Identity none = everything().keys().identify(null, Instant.EPOCH);
        assertEquals(new KeyRing.Identity.Known(Caller.ofTenant("shop/nobody")), none);
    }

    /** A date ends a key with the first moment of that day in UTC. */
    @Test
    void keysAreKnownUntilTheyExpire() throws IOException {
        String yaml =
                PROVIDER
                        + "callers: { keys: [{ name: k, tenant: shop, sha256: \""
                        + sha256("wk_test")
                        + "\", labels: { team: a }, providers: openai,"
                        + " models: [\"gpt-5*\"], expires: 2027-01-01, priority: 3 }] }\n";
        KeyRing keys = loaded(yaml).rules().keys();
        Instant newYear = Instant.parse("2027-01-01T00:00:00Z");
        Caller caller =
                new Caller("k", "shop", Map.of("team", "a"), globs("openai"), globs("gpt-5*"), 3);
        assertEquals(
                new KeyRing.Identity.Known(caller),
                keys.identify("wk_test", newYear.minusMillis(1)));
        assertEquals(new KeyRing.Identity.Unknown(), keys.identify("wk_test", newYear));
        assertEquals(new KeyRing.Identity.Missing(), keys.identify(null, Instant.EPOCH));
    }

    @Test
    void limitsComeOutAsWritten() {
        Limit rates = everything().limits().all().get(0);
        assertEquals(
                new Match(
                        globs("openai"),
                        globs("gpt-5*", "o*"),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of("team", globs("payments"))),
                rates.match());
        assertEquals(
                List.of(
                        new Dimension(Dimension.Source.KEY, ""),
                        new Dimension(Dimension.Source.LABEL, "team"),
                        new Dimension(Dimension.Source.HEADER, "x-session")),
                rates.per());
        assertEquals(
                List.of(
                        new Meter.Rate(Unit.REQUESTS, new Bucket(600, 60_000_000, 300)),
                        new Meter.Rate(Unit.INPUT_TOKENS, new Bucket(200_000, 60_000_000, 100_000)),
                        new Meter.Rate(Unit.OUTPUT_TOKENS, new Bucket(1, 10_000_000, 1)),
                        new Meter.Rate(
                                Unit.TOKENS, new Bucket(1_000_000, 86_400_000_000L, 500_000)),
                        new Meter.Concurrency(20)),
                rates.meters());
        assertEquals(2_000, rates.policy().waitMillis());

        Limit money = everything().limits().all().get(1);
        Window month = new Window(Window.Period.MONTH, ZoneId.of("Europe/Berlin"));
        assertEquals(List.of(new Meter.Spend(1_000_500_000_000L, month)), money.meters());
        assertEquals(
                new Policy(
                        0,
                        List.of(50, 80),
                        Policy.WhenLedgerIsDown.LOCAL,
                        true,
                        Policy.Unpriced.FLAT,
                        10_000_000,
                        Policy.UnseenInput.DENY,
                        Policy.OnExhausted.CLAMP),
                money.policy());
    }

    @Test
    void whatIsLeftOutHasTheDefaults() throws IOException {
        String yaml = PROVIDER + CALLER + "limits: [{ name: a, requests: 7/s }]\n";
        Limit limit = loaded(yaml).rules().limits().all().getFirst();
        Meter second = new Meter.Rate(Unit.REQUESTS, new Bucket(7, 1_000_000, 7));
        assertEquals(new Limit("a", Match.ALL, List.of(), List.of(second), Policy.DEFAULT), limit);
        assertEquals(List.of(), loaded(yaml).warnings());
        assertEquals(List.of(), loaded(PROVIDER + CALLER + "limits:\n").rules().limits().all());
    }

    @Test
    void theExampleOfTheDesignLoads() throws IOException {
        Path azure = Files.writeString(folder.resolve("azure"), "sk-azure\n");
        String yaml =
                Files.readString(Fixtures.FOLDER.resolve("design.yaml.in"))
                        .replace("9f86…", sha256("wk_checkout"))
                        .replace("/etc/weir/secrets/azure", azure.toString());
        ConfigFile.Loaded loaded = loaded(yaml);
        Rules rules = loaded.rules();
        assertEquals(Set.of("openai", "azure", "local-vllm"), rules.upstreams().keySet());
        assertEquals(
                List.of("per-key", "shop-daily"),
                rules.limits().all().stream().map(Limit::name).toList());
        assertEquals(Set.of(azure, folder.resolve("weir.yaml")), loaded.files().paths());
        assertEquals(List.of(), loaded.warnings());
    }

    @Test
    void aVariableCannotAddStructure() throws IOException {
        String evil = "shop\", keys: [{ name: x }]\nlimits: []";
        Path file =
                Files.writeString(
                        folder.resolve("weir.yaml"),
                        PROVIDER + "callers: { default-tenant: ${EVIL} }\n");
        ConfigFile.Result result =
                ConfigFile.read(
                        file,
                        Map.of("OPENAI_API_KEY", "k", "EVIL", evil)::get,
                        FakeVendor.TYPES,
                        Fixtures.Undone::new);
        List<String> lines = Fixtures.lines(result);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains("callers.default-tenant: found \"${EVIL}\""));
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsAnErrorAndIsWatched() throws IOException {
        Path file = folder.resolve("weir.yaml");
        ConfigFile.Invalid missing =
                assertInstanceOf(ConfigFile.Invalid.class, Fixtures.read(file));
        assertEquals("no file that can be read", missing.errors().getFirst().found());
        assertEquals(Set.of(file), missing.files().paths());

        Files.write(file, new byte[] {'a', (byte) 0xff});
        assertEquals(
                List.of(file + ":1: found bytes that are not UTF-8; allowed: UTF-8"),
                Fixtures.lines(Fixtures.read(file)));
        Files.write(file, new byte[ConfigFile.MAX_BYTES + 1]);
        assertEquals(
                List.of(file + ":1: found more than 32 MiB; allowed: at most 32 MiB"),
                Fixtures.lines(Fixtures.read(file)));
    }

    @Test
    void aSecretFileHasABound() throws IOException {
        String yaml = PROVIDER.replace("${OPENAI_API_KEY}", "file:huge") + CALLER;
        Path huge = folder.resolve("huge");
        Files.writeString(huge, "x".repeat(Secrets.MAX_BYTES));
        assertEquals(List.of(), loaded(yaml).warnings());
        Files.writeString(huge, "x".repeat(Secrets.MAX_BYTES + 1));
        List<String> lines = Fixtures.lines(Fixtures.read(folder, yaml));
        assertTrue(lines.getFirst().contains("more than 65536 bytes"), lines::toString);
    }

    @Test
    void errorsAreBounded() throws IOException {
        StringBuilder yaml = new StringBuilder(PROVIDER).append("limits:\n");
        for (int i = 0; i < 200; i++) {
            yaml.append("  - { name: l").append(i).append(", requests: never }\n");
        }
        assertEquals(Problems.MAX, Fixtures.lines(Fixtures.read(folder, yaml.toString())).size());
    }

    @Test
    void listsHaveBounds() throws IOException {
        String limits = "  - { name: l, requests: 1/s }\n".repeat(LimitSection.MAX_LIMITS + 1);
        List<String> lines = Fixtures.lines(Fixtures.read(folder, PROVIDER + "limits:\n" + limits));
        assertTrue(lines.getFirst().endsWith("found 10001 limits; allowed: at most 10000"));
    }

    /** Seconds on a slow machine, a blink on any other; a quadratic step would take minutes. */
    @Test
    void aHundredThousandKeysAreRead() throws IOException {
        StringBuilder yaml = new StringBuilder(PROVIDER).append("callers:\n  keys:\n");
        for (int i = 0; i < CallerSection.MAX_KEYS; i++) {
            yaml.append("    - { name: key-")
                    .append(i)
                    .append(", sha256: \"")
                    .append(HexFormat.of().toHexDigits(i))
                    .append("0".repeat(56))
                    .append("\", tenant: shop, labels: { team: payments } }\n");
        }
        Path file = Files.writeString(folder.resolve("weir.yaml"), yaml);
        assertInstanceOf(
                ConfigFile.Loaded.class,
                assertTimeout(Duration.ofSeconds(20), () -> Fixtures.read(file)));
    }

    @Test
    void nothingLoadedShowsASecret() {
        String shown = everything().toString();
        assertTrue(shown.contains("***"), shown);
        assertFalse(shown.contains(Fixtures.SECRET), shown);
    }

    private static Rules everything() {
        ConfigFile.Result result = Fixtures.read(Fixtures.FOLDER.resolve("valid-everything.yaml"));
        return assertInstanceOf(ConfigFile.Loaded.class, result).rules();
    }

    private ConfigFile.Loaded loaded(String yaml) throws IOException {
        ConfigFile.Result result = Fixtures.read(folder, yaml);
        return assertInstanceOf(
                ConfigFile.Loaded.class, result, () -> Fixtures.lines(result).toString());
    }

    private static Upstream upstream(Map<String, Upstream> upstreams, String name) {
        return Objects.requireNonNull(upstreams.get(name));
    }

    private static List<Glob> globs(String... patterns) {
        return List.of(patterns).stream().map(Glob::new).toList();
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String secret(Credential credential) {
        Proof proof = credential.source().proof().result();
        return assertInstanceOf(Proof.Token.class, proof).value().reveal();
    }
}
