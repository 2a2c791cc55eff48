package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import loadtest.Exchange;
import loadtest.Exchange.Ending;
import loadtest.SelfSigned;
import loadtest.SimulatedOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to the provider: its certificate is checked, and both versions of HTTP go over it. */
final class TlsTest {
    @TempDir private static Path directory;

    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${PROVIDER}"
                credentials: [{ name: main, secret: "${SECRET}" }]
                http: VERSION
                CA
            callers: { default-tenant: shop }
            limits:
              - { name: purse, per: [tenant], spend: 50 USD/total }
            """;

    @BeforeAll
    static void makeCertificate()
            throws IOException, InterruptedException, GeneralSecurityException {
        SelfSigned.write(cert(), key());
    }

    private static Path cert() {
        return directory.resolve("cert.pem");
    }

    private static Path key() {
        return directory.resolve("key.pem");
    }

    private static World world(String host) {
        SimulatedOptions options = SimulatedOptions.DEFAULT.withHost(host);
        return new World(options.withTls(cert().toString(), key().toString()));
    }

    private static World.Weir weir(World world, String version, boolean trusted) {
        String ca = trusted ? "tls: { ca: " + cert() + " }" : "";
        return world.weir(YAML.replace("VERSION", version).replace("CA", ca));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void aCertificateThatIsTrustedIsTaken(String version) {
        try (World world = world("127.0.0.1")) {
            World.Weir weir = weir(world, version, true);
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> plain = weir.post(CHAT_PATH, CHAT);
                assertEquals(200, plain.statusCode(), plain.body());
                assertTrue(plain.headers().firstValue("x-weir-cost-usd").isPresent());
                HttpResponse<String> stream = weir.post(CHAT_PATH, CHAT_STREAM);
                assertEquals(200, stream.statusCode());
                assertTrue(stream.body().endsWith("data: [DONE]\n\n"), stream.body());
                assertFalse(stream.body().contains("\"choices\":[]"), stream.body());
            }
            assertEquals(1, world.provider().recorder().connectionsOpened());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void aCertificateThatNobodyVouchesForIsRefused(String version) {
        try (World world = world("127.0.0.1")) {
            assertRefused(world, weir(world, version, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void aCertificateForAnotherHostIsRefused(String version) {
        try (World world = world("127.0.0.2")) {
            assertRefused(world, weir(world, version, true));
        }
    }

    private static void assertRefused(World world, World.Weir weir) {
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(502, answer.statusCode(), answer.body());
        assertEquals(
                "upstream_unavailable", answer.headers().firstValue("x-weir-reason").orElse(""));
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals(0, line.getLong("cost_nano_usd"), "nothing was sent");
        assertFalse(line.containsKey("estimated"), line::encode);
        assertEquals(0, world.provider().recorder().seen());
    }

    @Test
    void manyCallsShareFewConnectionsOfHttp2() {
        try (World world = world("127.0.0.1")) {
            World.Weir weir = weir(world, "2", true);
            List<HostileSocket> callers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                HostileSocket caller = new HostileSocket(weir.port());
                callers.add(
                        caller.send(
                                HostileSocket.post(CHAT_PATH, CHAT_STREAM, "x-sim: delay=300ms")));
            }
            for (HostileSocket caller : callers) {
                assertEquals(200, caller.answer().status());
                caller.close();
            }
            assertTrue(world.provider().recorder().connectionsOpened() <= 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall=before-headers", "stall=after-chunks:3"})
    void aCallerThatLeavesCancelsItsStreamAndNoOther(String sim) {
        try (World world = world("127.0.0.1")) {
            World.Weir weir = weir(world, "2", true);
            assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
            weir.nextCall();
            HostileSocket caller = new HostileSocket(weir.port());
            caller.send(HostileSocket.post(CHAT_PATH, CHAT_STREAM, "x-sim: " + sim));
            FailureBench.<Void>get(world.provider().recorder().seen(2));
            Exchange upstream = world.provider().recorder().last();
            caller.vanish();
            assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
            JsonObject line = new JsonObject(weir.nextCall());
            assertEquals("caller_gone", line.getString("outcome"), line::encode);
            assertEquals(true, line.getBoolean("estimated"), line::encode);
            assertEquals(200, weir.post(CHAT_PATH, CHAT).statusCode());
            assertEquals(1, world.provider().recorder().connectionsOpened());
        }
    }

    @Test
    void aStreamOfHttp2ThatBreaksIsBroken() {
        try (World world = world("127.0.0.1")) {
            World.Weir weir = weir(world, "2", true);
            try (HostileSocket caller = new HostileSocket(weir.port())) {
                caller.send(
                        HostileSocket.post(
                                CHAT_PATH,
                                CHAT_STREAM,
                                "x-sim: chunk-delay=30ms,cut=after-chunks:4"));
                String all = caller.rest();
                assertFalse(all.endsWith("\r\n0\r\n\r\n"), all);
            }
            JsonObject line = new JsonObject(weir.nextCall());
            assertEquals("broken", line.getString("outcome"), line::encode);
            assertTrue(line.getLong("output") > 0, line::encode);
        }
    }
}
