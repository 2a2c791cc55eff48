package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import weir.app.Settings;
import weir.journey.SelfSignedDoor;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/**
 * boto3 through Weir to a simulated Bedrock that checks each signature: with a bearer key over TLS,
 * with a pair of keys over plain http, and a sidecar with AWS keys or with a Bedrock API key.
 */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BedrockSdkTest {
    private static final String KEY = "wk_app";
    private static final String YAML =
            """
            providers:
              signed:
                type: bedrock
                base-url: "${BEDROCK}"
                credentials:
                  - name: pair
                    aws: { access-key-id: AKIDSIMULATED0000, secret-access-key: "${AWS_SECRET}" }
              bedrock:
                base-url: "${BEDROCK}"
                credentials: [{ name: bearer, secret: "${API_KEY}" }]
            callers:
              keys:
                - { name: app, tenant: shop, sha256: "${KEY}" }
                - { name: poor, tenant: poor, sha256: "${POOR}" }
                - { name: slow, tenant: slow, sha256: "${SLOW}" }
            limits:
              - { name: all, per: [tenant], spend: 50 USD/day }
              - { name: little, match: { tenant: poor }, spend: 0.000001 USD/total }
              - { name: once, match: { tenant: slow }, requests: 1/min }
            """;

    private static final List<String> GOOD =
            List.of("converse", "converse-arn", "converse-stream", "invoke", "invoke-stream");

    @TempDir private static Path directory;

    private final World world = new World();
    private final SimulatedBedrock bedrock = World.await(SimulatedBedrock.start(world.vertx()));
    private final Outcomes outcomes = new Outcomes();
    private final List<JsonObject> logged = new ArrayList<>();

    @BeforeAll
    void runEveryCase() throws IOException {
        Path ca = directory.resolve("weir.pem");
        Settings settings = SelfSignedDoor.settings(World.settings(Optional.empty()), ca);
        PythonSdks sdks = PythonSdks.more();
        world.env("KEY", World.sha256(KEY))
                .env("POOR", World.sha256("wk_poor"))
                .env("SLOW", World.sha256("wk_slow"))
                .env("BEDROCK", bedrock.url())
                .env("API_KEY", SimulatedBedrock.API_KEY)
                .env("AWS_SECRET", SimulatedBedrock.KEYS.secretAccessKey().reveal());
        World.Weir weir = world.weir(YAML, settings);
        String tls = "https://localhost:" + weir.sidecar().tlsPort();
        String[] all = {
            "converse", "converse-arn", "converse-stream", "invoke", "invoke-stream",
            "count-tokens", "unknown-key", "provider-429", "provider-quota", "provider-500",
            "provider-exception-in-stream"
        };
        plan("http-signed", target(weir.url() + "/signed", KEY), all);
        plan("http-bearer", target(weir.url() + "/bedrock", KEY), "converse", "count-tokens");
        plan("tls-bearer", target(tls + "/bedrock", KEY).with("--ca", ca.toString()), all);
        plan("tls-signed", target(tls + "/signed", KEY).with("--ca", ca.toString()), "converse");
        plan("poor", target(weir.url() + "/signed", "wk_poor"), "converse-retrying");
        plan("slow", target(weir.url() + "/signed", "wk_slow"), "converse");
        plan("slow-again", target(weir.url() + "/signed", "wk_slow"), "converse");
        outcomes.run(sdks);
        for (int i = 0; i < GOOD.size(); i++) {
            logged.add(new JsonObject(weir.nextCall()));
        }
        assertEquals("", weir.bugs());
    }

    private void plan(String name, Target target, String... cases) {
        outcomes.plan(name, target, cases);
    }

    private static Target target(String url, String key) {
        return new Target(Sdk.BEDROCK, url, key);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void boto3ReadsEveryKindOfAnswer() {
        for (String batch : List.of("http-signed", "tls-bearer")) {
            for (String name : GOOD) {
                JsonObject line = outcomes.ok(batch + "/" + name);
                assertEquals(SimulatedBedrock.TEXT, line.getString("text"), line::encode);
                assertEquals(1, line.getInteger("attempts"), line::encode);
                assertNotNull(Outcomes.header(line, "x-weir-request-id"), line::encode);
            }
            JsonObject usage = outcomes.ok(batch + "/converse-stream").getJsonObject("usage");
            assertEquals(16, usage.getInteger("outputTokens"));
            outcomes.ok(batch + "/count-tokens");
        }
        outcomes.ok("http-bearer/converse");
        outcomes.ok("http-bearer/count-tokens");
        outcomes.ok("tls-signed/converse");
    }

    /** Nova Lite costs 0.06 and 0.24 USD a million: 7 and 16 tokens are 4,260 nano-dollars. */
    @Test
    void eachAnswerIsMetered() {
        for (JsonObject line : logged) {
            assertEquals(7, line.getLong("input"), line::encode);
            assertEquals(16, line.getLong("output"), line::encode);
            assertNull(line.getBoolean("estimated"), line::encode);
            assertTrue(line.getLong("cost_nano_usd") > 0, line::encode);
            if (line.getString("model").contains("nova")) {
                assertEquals(4_260, line.getLong("cost_nano_usd"), line::encode);
            }
        }
        assertEquals(
                "0.00000426",
                Outcomes.header(outcomes.ok("tls-bearer/converse"), "x-weir-cost-usd"));
    }

    /** Traps 12 and 13: path, host and signature are Weir's own, and no virtual key goes on. */
    @Test
    void bedrockFindsNothingWrong() {
        assertEquals(Set.of(), bedrock.complaints);
    }

    /** Traps 1 and 14: a refusal of money is not sent again; a bearer key needs TLS. */
    @Test
    void refusalsRaiseWhatBedrockWouldRaise() {
        refused("poor/converse-retrying", "ServiceQuotaExceededException", "budget_exhausted");
        outcomes.ok("slow/converse");
        refused("slow-again/converse", "ThrottlingException", "rate_limited");
        for (String batch : List.of("http-signed", "tls-bearer")) {
            JsonObject line =
                    outcomes.raised(batch + "/unknown-key", "botocore.exceptions.ClientError");
            assertEquals("UnrecognizedClientException", line.getString("code"), line::encode);
            assertEquals("unknown_key", Outcomes.header(line, "x-weir-reason"), line::encode);
        }
    }

    private void refused(String name, String exception, String reason) {
        JsonObject line = outcomes.raised(name, "botocore.errorfactory." + exception);
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
        assertEquals(reason, Outcomes.header(line, "x-weir-reason"), line::encodePrettily);
        assertEquals(
                Outcomes.header(line, "x-weir-request-id"),
                line.getString("request_id"),
                line::encodePrettily);
    }

    @Test
    void theProvidersErrorsPass() {
        passed("provider-429", "ThrottlingException", 429);
        passed("provider-quota", "ServiceQuotaExceededException", 400);
        passed("provider-500", "InternalServerException", 500);
        for (String batch : List.of("http-signed", "tls-bearer")) {
            outcomes.raised(
                    batch + "/provider-exception-in-stream",
                    "botocore.exceptions.EventStreamError");
        }
    }

    private void passed(String name, String exception, int status) {
        for (String batch : List.of("http-signed", "tls-bearer")) {
            JsonObject line =
                    outcomes.raised(batch + "/" + name, "botocore.errorfactory." + exception);
            assertEquals(status, line.getInteger("status"), line::encodePrettily);
            assertNull(Outcomes.header(line, "x-weir-reason"), line::encodePrettily);
            assertEquals(new JsonArray().add(status), line.getJsonArray("statuses"));
        }
    }
}
