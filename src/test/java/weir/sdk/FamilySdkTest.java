package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/** The SDKs of the vendors that speak OpenAI's dialect, and OpenAI's own as their client. */
@EnabledIfSystemProperty(named = "sdks", matches = "all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FamilySdkTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${OPENAI}", credentials: [{ name: a, secret: "${SECRET}" }] }
              azure: { base-url: "${AZURE}", credentials: [{ name: a, secret: "${SECRET}" }],
                models: { my-deployment: gpt-4.1 } }
              entra: { type: azure, base-url: "${AZURE}", credentials: [{ name: a, secret: "${JWT}" }],
                models: { my-deployment: gpt-4.1 } }
              deepseek: { base-url: "${DEEPSEEK}", credentials: [{ name: a, secret: "${SECRET}" }] }
              gemini: { base-url: "${GEMINI}", credentials: [{ name: a, secret: "${SECRET}" }] }
              groq: { base-url: "${GROQ}", credentials: [{ name: a, secret: "${SECRET}" }] }
              mistral: { base-url: "${MISTRAL}", credentials: [{ name: a, secret: "${SECRET}" }] }
              together: { base-url: "${TOGETHER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              xai: { base-url: "${XAI}", credentials: [{ name: a, secret: "${SECRET}" }] }
              dead-azure: { type: azure, base-url: "http://127.0.0.1:1", prices: free }
              dead-deepseek: { type: deepseek, base-url: "http://127.0.0.1:1", prices: free }
              dead-gemini: { type: gemini, base-url: "http://127.0.0.1:1", prices: free }
              dead-groq: { type: groq, base-url: "http://127.0.0.1:1", prices: free }
              dead-mistral: { type: mistral, base-url: "http://127.0.0.1:1", prices: free }
              dead-together: { type: together, base-url: "http://127.0.0.1:1", prices: free }
              dead-xai: { type: xai, base-url: "http://127.0.0.1:1", prices: free }
            callers:
              keys:
                - { name: app, tenant: t, sha256: "${app}" }
                - { name: minute, tenant: t, sha256: "${minute}" }
                - { name: minute_openai, tenant: t, sha256: "${minute_openai}" }
                - { name: small, tenant: t, sha256: "${small}" }
            limits:
              - { name: a-minute, match: { key: "minute*" }, per: [provider, key], requests: 1/min }
              - { name: too-small, match: { key: small }, per: [provider], spend: 0.00000001 USD/day }
              - { name: any, match: { key: app }, per: [key], spend: 500 USD/day }
            """;

    private final World world = new World();
    private final Map<String, VendorServer> vendors = new LinkedHashMap<>();
    private final Outcomes outcomes = new Outcomes();
    private final Map<String, List<JsonObject>> logged = new LinkedHashMap<>();
    private World.Weir weir;

    @BeforeAll
    void runEveryCase() {
        for (String vendor :
                List.of(
                        "openai",
                        "azure",
                        "deepseek",
                        "gemini",
                        "groq",
                        "mistral",
                        "together",
                        "xai")) {
            String place = vendor.toUpperCase(Locale.ROOT);
            vendors.put(
                    vendor, new VendorServer(world, place, new SimulatedFamily(vendor)::answer));
        }
        weir =
                world.keys("app", "minute", "minute_openai", "small")
                        .env("JWT", SimulatedFamily.jwt())
                        .weir(YAML);
        Way.ALL.forEach(this::plan);
        planMedia();
        outcomes.run(PythonSdks.more());
        log();
    }

    private void plan(Way way) {
        String sdk = way.sdk();
        String name = way.name();
        String minute = sdk.equals("openai") ? "minute_openai" : "minute";
        outcomes.plan(
                        name,
                        target(way, way.vendor(), "app"),
                        sdk + "-chat",
                        sdk + "-chat-stream",
                        sdk + "-unknown-key",
                        sdk + "-provider-429",
                        sdk + "-provider-500")
                .plan(name + "/minute", target(way, way.vendor(), minute), sdk + "-chat")
                .plan(
                        name + "/minute-again",
                        target(way, way.vendor(), minute),
                        sdk + "-chat-stream")
                .plan(name + "/small", target(way, way.vendor(), "small"), sdk + "-chat");
        String dead = "dead-" + (way.vendor().equals("entra") ? "azure" : way.vendor());
        outcomes.plan(name + "/dead", target(way, dead, "app"), sdk + "-chat");
    }

    private Target target(Way way, String provider, String key) {
        return target(provider + way.url(), way.model(), key);
    }

    private Target target(String url, String model, String key) {
        return new Target(Sdk.FAMILY, weir.url() + "/" + url, "wk_" + key).with("--model", model);
    }

    private void planMedia() {
        outcomes.plan(
                        "groq",
                        target("groq/openai/v1", "openai/gpt-oss-120b", "app"),
                        "openai-responses")
                .plan("openai-images", target("openai/v1", "gpt-image-2", "app"), "openai-images")
                .plan("openai-speech", target("openai/v1", "tts-1", "app"), "openai-speech")
                .plan(
                        "orpheus",
                        target("groq/openai/v1", "canopylabs/orpheus-v1-english", "app"),
                        "openai-speech")
                .plan("imagine", target("xai/v1", "grok-imagine-image", "app"), "openai-images")
                .plan("mistral-embed", target("mistral", "mistral-embed", "app"), "mistral-embed")
                .plan("ocr", target("mistral", "mistral-ocr-latest", "app"), "mistral-ocr")
                .plan("e5", target("together", "BAAI/bge-base-en-v1.5", "app"), "together-embed")
                .plan(
                        "claude",
                        target("deepseek/anthropic", "none", "app"),
                        "anthropic-messages",
                        "anthropic-unknown-key");
    }

    private void log() {
        JsonObject call;
        do {
            call = new JsonObject(weir.nextCall());
            String key = call.getString("provider") + " " + call.getString("endpoint");
            logged.computeIfAbsent(key, k -> new ArrayList<>()).add(call);
        } while (!call.getString("endpoint").equals("messages"));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private static String usd(long nano) {
        return java.math.BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString();
    }

    @Test
    void aPlainCallCostsWhatItsUsageSays() {
        for (Way way : Way.ALL) {
            JsonObject line = outcomes.ok(way.name() + "/" + way.sdk() + "-chat");
            assertEquals(SimulatedFamily.TEXT, line.getString("text"), way.name());
            String cost = Outcomes.header(line, "x-weir-cost-usd");
            assertTrue(
                    way.costs().stream().anyMatch(c -> usd(c).equals(cost)),
                    () -> way.name() + " cost " + cost);
        }
    }

    /** Trap 4: whoever did not ask for usage sees none that Weir asked for. */
    @Test
    void aStreamCostsTheSame() {
        for (Way way : Way.ALL) {
            JsonObject line = outcomes.ok(way.name() + "/" + way.sdk() + "-chat-stream");
            assertEquals(SimulatedFamily.TEXT, line.getString("text"), way.name());
            int empty = line.getInteger("empty_chunks", 0);
            assertEquals(way.vendor().matches("azure|entra") ? 1 : 0, empty, way.name());
            List<JsonObject> streams =
                    logged.get(way.vendor() + " chat.completions").stream()
                            .filter(c -> c.getBoolean("stream", false))
                            .filter(c -> c.getInteger("status") == 200)
                            .toList();
            assertFalse(streams.isEmpty(), way.name());
            for (JsonObject call : streams) {
                assertTrue(
                        way.costs().contains(call.getLong("cost_nano_usd")), call::encodePrettily);
                assertFalse(call.getBoolean("estimated", false), call::encodePrettily);
            }
        }
    }

    @Test
    void refusalsRaiseTheSdksOwnClasses() {
        for (Way way : Way.ALL) {
            String at = way.name() + "/";
            outcomes.ok(at + "minute/" + way.sdk() + "-chat");
            refused(way, "minute-again/" + way.sdk() + "-chat-stream", 429, "rate_limited");
            refused(way, way.sdk() + "-unknown-key", 401, "unknown_key");
            refused(way, "small/" + way.sdk() + "-chat", 402, "budget_exhausted");
            refused(way, "dead/" + way.sdk() + "-chat", 502, "upstream_unavailable");
        }
    }

    @Test
    void theProvidersErrorsPass() {
        for (Way way : Way.ALL) {
            for (int status : List.of(429, 500)) {
                JsonObject line =
                        outcomes.raised(
                                way.name() + "/" + way.sdk() + "-provider-" + status,
                                exception(way, status));
                assertEquals(status, line.getInteger("status"), line::encodePrettily);
            }
        }
    }

    private void refused(Way way, String name, int status, String reason) {
        JsonObject line = outcomes.raised(way.name() + "/" + name, exception(way, status));
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
        assertEquals(status, line.getInteger("status"), line::encodePrettily);
        assertEquals(reason, Outcomes.header(line, "x-weir-reason"), line::encodePrettily);
        // Of an error that is a string OpenAI's SDK shows the string alone.
        boolean shown = !way.vendor().equals("xai");
        String text = line.encode().replace("\\", "");
        assertTrue(!shown || text.contains("\"reason\":\"" + reason + "\""), line::encodePrettily);
    }

    private static String exception(Way way, int status) {
        if (way.sdk().equals("mistral")) {
            return "mistralai.client.errors.sdkerror.SDKError";
        }
        String module = way.sdk().matches("azure|entra") ? "openai" : way.sdk();
        return module
                + "."
                + switch (status) {
                    case 401 -> "AuthenticationError";
                    case 402 -> "APIStatusError";
                    case 429 -> "RateLimitError";
                    default -> "InternalServerError";
                };
    }

    @Test
    void picturesSpeechAndPagesArePriced() {
        cost("groq/openai-responses", 26_400 + 76_800 + 204_000);
        cost("openai-images/openai-images", 50_000 + 30_000_000);
        cost("imagine/openai-images", 40_000_000);
        cost("ocr/mistral-ocr", 12_000_000);
        cost("mistral-embed/mistral-embed", 600);
        assertEquals(
                7 * 15_000, logged.get("openai audio.speech").getFirst().getLong("cost_nano_usd"));
        assertEquals(
                7 * 22_000, logged.get("groq audio.speech").getFirst().getLong("cost_nano_usd"));
        assertEquals(8, outcomes.ok("orpheus/openai-speech").getInteger("bytes"));
    }

    /** Trap 20: nothing is reported, so the request's bytes bound it. */
    @Test
    void embeddingsWithoutUsageAreCharged() {
        outcomes.ok("e5/together-embed");
        JsonObject call = logged.get("together embeddings").getFirst();
        assertTrue(call.getBoolean("estimated"), call::encodePrettily);
        assertTrue(call.getLong("cost_nano_usd") > 0, call::encodePrettily);
    }

    /** Trap 8: Anthropic's SDK sends a bearer token, DeepSeek documents its old header. */
    @Test
    void anthropicsFaceTakesItsOldHeaderAndSaysNoInItsWords() {
        JsonObject line = outcomes.ok("claude/anthropic-messages");
        assertEquals(SimulatedFamily.TEXT, line.getString("text"));
        String cost = Outcomes.header(line, "x-weir-cost-usd");
        assertTrue(List.of("0.00001452", "0.00002904").contains(cost), cost);
        outcomes.refused(
                "claude/anthropic-unknown-key", "anthropic.AuthenticationError", "unknown_key");
    }

    @Test
    void noCallerIsKnownToAVendor() {
        for (VendorServer vendor : vendors.values()) {
            for (VendorServer.Asked asked : vendor.asked()) {
                assertFalse(asked.headers().toString().contains("wk_"), asked.uri());
            }
        }
    }

    private void cost(String name, long nano) {
        JsonObject line = outcomes.ok(name);
        assertEquals(usd(nano), Outcomes.header(line, "x-weir-cost-usd"), line::encodePrettily);
    }
}
