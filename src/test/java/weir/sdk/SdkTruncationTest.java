package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.journey.World;
import weir.sdk.PythonSdks.Sdk;
import weir.sdk.PythonSdks.Target;

/**
 * Answers that a budget cuts short: the official SDKs raise nothing, validate every event, and show
 * the application that the output cap was reached.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SdkTruncationTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: small, per: ["header:x-purse"], spend: 0.0008 USD/total,
                  on-exhausted: clamp }
            """;
    private static final List<String> STREAMS =
            List.of("chat-stream", "chat-stream-usage", "responses-stream");

    private final World world = new World();
    private final Outcomes openAi = new Outcomes();
    private final Outcomes anthropic = new Outcomes();

    /** Each case with a purse of its own. */
    @BeforeAll
    void runEveryCase() {
        PythonSdks sdks = PythonSdks.installed();
        String url = world.weir(YAML).url();
        Target chat = new Target(Sdk.OPENAI, url + "/openai", "any").with(LONG);
        for (String name : STREAMS) {
            openAi.plan("cut", purse(chat, name).with("--model", "gpt-4.1-nano"), name);
        }
        openAi.plan("cut", purse(chat, "old").with("--model", "babbage-002"), "completions-stream")
                .plan("clamped", purse(chat, "chat").with("--model", "gpt-6-luna"), "chat")
                .plan("clamped", purse(chat, "resp").with("--model", "gpt-6-luna"), "responses");
        Target messages = new Target(Sdk.ANTHROPIC, url + "/anthropic", "any").with(LONG);
        for (String name : List.of("messages-stream", "messages-stream-helper")) {
            anthropic.plan("cut", purse(messages, name), name);
        }
        anthropic.plan("clamped", purse(messages, "plain"), "messages");
        openAi.run(sdks);
        anthropic.run(sdks);
    }

    private static final String[] LONG = {
        "--max-tokens", "4000", "--sim", "tokens=3500,chunk-delay=1ms"
    };

    private static Target purse(Target target, String name) {
        return target.with("--header", "x-purse=" + name);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private static void assertCut(JsonObject line, String finish) {
        assertEquals(finish, line.getString("finish"), line::encodePrettily);
        assertTrue(line.getString("text").length() > 500, line::encodePrettily);
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
    }

    @Test
    void openAiSeesThatTheLengthWasReached() {
        assertCut(openAi.ok("cut/chat-stream"), "length");
        assertCut(openAi.ok("cut/completions-stream"), "length");
        JsonObject asked = openAi.ok("cut/chat-stream-usage");
        assertCut(asked, "length");
        assertTrue(asked.getJsonObject("usage").getInteger("completion_tokens") > 100);
    }

    @Test
    void responsesAreIncomplete() {
        JsonObject line = openAi.ok("cut/responses-stream");
        assertCut(line, "incomplete");
        assertTrue(line.getJsonObject("usage").getInteger("output_tokens") > 100);
        JsonArray events = line.getJsonArray("events");
        assertTrue(events.contains("response.output_text.done"), events::encode);
        assertTrue(events.contains("response.output_item.done"), events::encode);
        assertEquals("response.incomplete", events.getString(events.size() - 1));
    }

    @Test
    void anthropicSeesThatTheTokensWereReached() {
        assertCut(anthropic.ok("cut/messages-stream"), "max_tokens");
        JsonObject helper = anthropic.ok("cut/messages-stream-helper");
        assertCut(helper, "max_tokens");
        assertEquals(helper.getString("streamed"), helper.getString("text"));
    }

    @Test
    void aPlainAnswerThatWasClampedSaysSo() {
        JsonObject chat = openAi.ok("clamped/chat");
        assertCut(chat, "length");
        assertNotNull(Outcomes.header(chat, "x-weir-clamped"));
        assertCut(openAi.ok("clamped/responses"), "incomplete");
        assertCut(anthropic.ok("clamped/messages"), "max_tokens");
    }
}
