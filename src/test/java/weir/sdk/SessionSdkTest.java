package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import weir.app.Settings;
import weir.journey.SelfSignedDoor;
import weir.journey.SessionProvider;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/** The official SDKs' sessions over WebSockets, unmodified; google-genai's insists on TLS. */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionSdkTest {
    @TempDir private static Path directory;

    private static final String YAML =
            """
            providers:
              openai: { base-url: "${SESSIONS}", credentials: [{ name: a, secret: "${SECRET}" }] }
              gemini: { base-url: "${SESSIONS}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers:
              keys:
                - { name: app, tenant: t, sha256: "${app}" }
                - { name: minute, tenant: t, sha256: "${minute}" }
                - { name: poor, tenant: t, sha256: "${poor}" }
                - { name: thin, tenant: t, sha256: "${thin}" }
            limits:
              - { name: a-minute, match: { key: minute }, per: [provider], requests: 1/min }
              - { name: too-small, match: { key: poor }, per: [provider], spend: 0.01 USD/day }
              - { name: one-turn, match: { key: thin }, per: [provider], spend: 1.2862 USD/day }
              - { name: any, match: { key: app }, per: [key], spend: 50 USD/day }
            """;

    private final World world = new World();
    private final Outcomes outcomes = new Outcomes();
    private SessionProvider provider;
    private World.Weir weir;

    @BeforeAll
    void runEveryCase() throws IOException {
        provider = new SessionProvider();
        provider.play();
        for (String key : List.of("app", "minute", "poor", "thin")) {
            world.env(key, World.sha256("wk_" + key));
        }
        Path ca = directory.resolve("weir.pem");
        Settings settings = SelfSignedDoor.settings(World.settings(Optional.empty()), ca);
        weir = world.env("SESSIONS", "http://" + provider.authority()).weir(YAML, settings);
        String tls = "https://localhost:" + weir.sidecar().tlsPort() + "/gemini";
        outcomes.plan("openai", openAi("app"), "realtime", "realtime-unknown-key")
                .plan("minute", openAi("minute"), "realtime")
                .plan("minute-again", openAi("minute"), "realtime")
                .plan("poor", openAi("poor"), "realtime")
                .plan("thin", openAi("thin"), "realtime")
                .plan("gemini", gemini(tls, "app", ca), "live", "live-unknown-key")
                .plan("gemini-poor", gemini(tls, "poor", ca), "live")
                .run(PythonSdks.more());
    }

    private Target openAi(String key) {
        return new Target(Sdk.SESSIONS, weir.url() + "/openai", "wk_" + key);
    }

    private static Target gemini(String url, String key, Path ca) {
        return new Target(Sdk.SESSIONS, url, "wk_" + key).with("--ca", ca.toString());
    }

    @AfterAll
    void stop() {
        provider.close();
        world.close();
    }

    @Test
    void bothSpeakAsTheyDoWithTheProvider() {
        for (String name : List.of("openai/realtime", "gemini/live")) {
            JsonObject line = outcomes.ok(name);
            assertEquals("A weir.A weir.", line.getString("text"), line::encodePrettily);
            assertEquals(new JsonArray().add(120).add(120), line.getJsonArray("tokens"));
        }
    }

    @Test
    void aRefusalAtTheUpgradeHasItsStatus() {
        refused("openai/realtime-unknown-key", 401, "unknown_key");
        refused("minute-again/realtime", 429, "rate_limited");
        refused("poor/realtime", 402, "budget_exhausted");
        refused("gemini/live-unknown-key", 401, "unknown_key");
    }

    private void refused(String name, int status, String reason) {
        JsonObject line = outcomes.raised(name, "__main__.Refused");
        assertEquals(status, line.getInteger("status"), line::encodePrettily);
        assertEquals(reason, Outcomes.header(line, "x-weir-reason"), line::encodePrettily);
    }

    @Test
    void aBudgetThatRunsOutIsAnErrorEventAndAClose() {
        JsonObject line = outcomes.raised("thin/realtime", "__main__.Ended");
        assertEquals("insufficient_quota", line.getString("code"), line::encodePrettily);
        assertEquals(1008, line.getInteger("status"), line::encodePrettily);
    }

    @Test
    void googlesLimitsAreErrorsOfItsOwn() {
        JsonObject line = outcomes.raised("gemini-poor/live", "google.genai.errors.APIError");
        assertEquals(1008, line.getInteger("status"), line::encodePrettily);
    }
}
