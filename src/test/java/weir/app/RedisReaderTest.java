package weir.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisReaderTest {
    @TempDir private Path directory;

    private final List<String> wrong = new ArrayList<>();

    /** Settings in pairs, without their prefix. */
    private Optional<RedisOptions> read(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put("weir.redis." + pairs[i], pairs[i + 1]);
        }
        WeirConfig config =
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withMapping(WeirConfig.class)
                        .withSources(new PropertiesConfigSource(settings, "test", 0))
                        .build()
                        .getConfigMapping(WeirConfig.class);
        wrong.clear();
        return RedisReader.read(config.redis(), wrong);
    }

    private RedisOptions good(String... pairs) {
        Optional<RedisOptions> options = read(pairs);
        assertEquals(List.of(), wrong);
        return options.orElseThrow();
    }

    private void assertWrong(String setting, String... pairs) {
        read(pairs);
        assertEquals(1, wrong.size(), wrong.toString());
        assertTrue(wrong.getFirst().startsWith(setting + ": "), wrong.toString());
        assertTrue(wrong.getFirst().contains("allowed: "), wrong.toString());
        assertFalse(wrong.getFirst().contains("s3cret"), wrong.toString());
    }

    private String file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "a", ""), content).toString();
    }

    @Test
    void withoutUrlTheLedgerIsInProcess() {
        assertEquals(Optional.empty(), read());
        assertEquals(List.of(), wrong);
    }

    @Test
    void oneServer() {
        RedisOptions options = good("url", "redis://cache");
        assertEquals(RedisClientType.STANDALONE, options.getType());
        assertEquals(List.of("redis://cache/"), options.getEndpoints());
        assertFalse(options.getNetClientOptions().isSsl());
        assertEquals("redis://cache:7000/3", good("url", "redis://cache:7000/3").getEndpoint());
    }

    @Test
    void aPasswordIsInNoAddress() throws IOException {
        RedisOptions inUrl = good("url", "redis://weir:s3cret%2F+@cache");
        assertEquals("s3cret/+", inUrl.getPassword());
        assertEquals(List.of("redis://cache/?user=weir"), inUrl.getEndpoints());
        RedisOptions alone = good("url", "redis://:s3cret@cache");
        assertEquals(List.of("redis://cache/"), alone.getEndpoints());
        assertEquals("s3cret", good("url", "redis://weir@c", "password", "s3cret").getPassword());
        String file = file("s3cret\n");
        assertEquals("s3cret", good("url", "redis://weir@c", "password-file", file).getPassword());
    }

    @Test
    void sentinelsAndClusters() {
        RedisOptions sentinel =
                good("url", "redis://a:1,b:2,[::1]:3", "type", "sentinel", "master", "main");
        assertEquals(RedisClientType.SENTINEL, sentinel.getType());
        assertEquals("main", sentinel.getMasterName());
        assertEquals(
                List.of("redis://a:1/", "redis://b:2/", "redis://[::1]:3/"),
                sentinel.getEndpoints());
        RedisOptions cluster = good("url", "redis://a:1,b:2", "type", "cluster");
        assertEquals(RedisClientType.CLUSTER, cluster.getType());
    }

    @Test
    void encryptionChecksTheServersName() {
        RedisOptions options = good("url", "rediss://cache");
        assertTrue(options.getNetClientOptions().isSsl());
        assertEquals("HTTPS", options.getNetClientOptions().getHostnameVerificationAlgorithm());
    }

    @Test
    void whatIsWrongIsNamedAndWhatIsAllowed() throws IOException {
        assertWrong("weir.redis.url", "url", "http://s3cret@cache");
        assertWrong("weir.redis.url", "url", "redis://");
        assertWrong("weir.redis.url", "url", "redis://:s3cret@a b");
        assertWrong("weir.redis.url", "url", "redis://a,b");
        assertWrong("weir.redis.url", "url", "redis://weir@a");
        assertWrong("weir.redis.url", "url", "redis://a/2", "type", "cluster");
        assertWrong("weir.redis.url", "password", "s3cret");
        assertWrong("weir.redis.type", "url", "redis://a", "type", "ring");
        assertWrong("weir.redis.master", "url", "redis://a", "type", "sentinel");
        assertWrong("weir.redis.master", "url", "redis://a", "master", "main");
        assertWrong("weir.redis.password", "url", "redis://:s3cret@a", "password", "s3cret");
        assertWrong("weir.redis.password-file", "url", "redis://a", "password-file", file(" \n"));
        assertWrong("weir.redis.password-file", "url", "redis://a", "password-file", "/nowhere");
        assertWrong("weir.redis.tls", "url", "redis://a", "tls.ca", "/nowhere");
        assertWrong("weir.redis.tls.ca", "url", "rediss://a", "tls.ca", "/nowhere");
        assertWrong("weir.redis.tls.ca", "url", "rediss://a", "tls.ca", file(""));
        assertWrong("weir.redis.tls.cert", "url", "rediss://a", "tls.key", "/nowhere");
    }
}
