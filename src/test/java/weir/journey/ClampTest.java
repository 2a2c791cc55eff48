package weir.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worst case that does not fit becomes one that does: the provider is asked for no more than the
 * budget covers, and the answer says so.
 */
final class ClampTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
            """;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String LUNA =
            """
            {"model":"gpt-6-luna","messages":[{"role":"user","content":"Hello there"}]}\
            """;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private World.Weir weir(String spend, String policy) {
        return world.weir(
                YAML + "  - { name: purse, spend: " + spend + " USD/total" + policy + " }\n");
    }

    private static HttpResponse<String> call(
            World.Weir weir, String path, String body, String sim) {
        return weir.post(path, body, "x-sim", sim, "anthropic-version", "2023-06-01");
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String reason) {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(reason, header(answer, "x-weir-reason"));
        int seconds = Integer.parseInt(answer.headers().firstValue("retry-after").orElse("0"));
        assertTrue(seconds <= 60, answer.headers()::toString);
    }

    private String sent() {
        return new String(world.provider().recorder().last().body(), UTF_8);
    }

    /** The whole purse is 0.3 thousandths of a dollar; a worst case is a hundred times that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                CHAT + " | {'model':'gpt-6-luna','messages':[]} | max_completion_tokens",
                CHAT
                        + " | {'model':'gpt-6-luna','messages':[],'stream':true}"
                        + " | max_completion_tokens",
                "/openai/v1/responses | {'model':'gpt-6-luna','input':'Hi'} | max_output_tokens",
                "/openai/v1/completions | {'model':'babbage-002','prompt':'Hi'} | max_tokens",
            })
    void aCallWithoutACapIsGivenOne(String path, String quoted, String field) {
        World.Weir weir = weir("0.0003", "");
        String body = quoted.replace('\'', '"');

        HttpResponse<String> answer = call(weir, path, body, "tokens=5000");

        assertEquals(200, answer.statusCode(), answer::body);
        long cap = Long.parseLong(header(answer, "x-weir-clamped"));
        assertTrue(cap >= 64 && cap <= 1_000, () -> "a cap of " + cap);
        String added = "\"" + field + "\":" + cap + ",";
        assertTrue(sent().contains(added), this::sent);
        String asked = "\"stream_options\":{\"include_usage\":true},";
        assertEquals(body, sent().replace(added, "").replace(asked, ""));
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals(cap, line.getLong("output"), line::encode);
        assertTrue(line.getLong("reserved_nano_usd") <= 300_000, line::encode);
        assertTrue(line.getLong("cost_nano_usd") <= line.getLong("reserved_nano_usd"));
        assertEquals("", weir.bugs());
    }

    @Test
    void amplyFundedCallsAreLeftAlone() {
        World.Weir weir = weir("50", "");

        HttpResponse<String> answer = call(weir, CHAT, LUNA, "");

        assertEquals("", header(answer, "x-weir-clamped"));
        assertEquals(LUNA, sent());
    }

    /** Not the whole worst case is held, but what an answer usually needs, twice. */
    @Test
    void aBudgetThatCouldPayTheWorstCaseOnceServesManyAtOnce() throws Exception {
        World.Weir weir = weir("0.1", "");
        HostileSocket[] callers = new HostileSocket[16];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = new HostileSocket(weir.port());
            callers[i].send(HostileSocket.post(CHAT, LUNA, "x-sim: delay=500ms"));
        }
        for (HostileSocket caller : callers) {
            HostileSocket.Answer answer = caller.answer();
            assertEquals(200, answer.status(), answer::toString);
            assertTrue(Long.parseLong(answer.header("x-weir-clamped")) >= 1_024);
            caller.close();
        }
    }

    @Test
    void aCallersOwnCapIsLoweredOnlyWhereThePolicySaysSo() {
        String message =
                "{\"model\":\"claude-haiku-5-5\",\"max_tokens\":5000,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
        World.Weir usual = weir("0.0005", "");
        assertRefused(call(usual, "/anthropic/v1/messages", message, ""), 402, "budget_exhausted");
        assertEquals(0, world.provider().recorder().seen());

        World.Weir lowering = weir("0.0005", ", on-exhausted: clamp");
        HttpResponse<String> answer =
                call(lowering, "/anthropic/v1/messages", message, "tokens=5000");
        assertEquals(200, answer.statusCode(), answer::body);
        String cap = header(answer, "x-weir-clamped");
        assertEquals(message.replace("5000", cap), sent());
        assertTrue(answer.body().contains("\"max_tokens\""), answer::body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  - { name: a, spend: 0.0003 USD/total, on-exhausted: reject }\n",
                "  - { name: a, spend: 0.0003 USD/total, on-exhausted: clamp }\n"
                        + "  - { name: b, spend: 90 USD/total, on-exhausted: reject }\n"
            })
    void whereOneBudgetRejectsNothingIsClamped(String limits) {
        World.Weir weir = world.weir(YAML + limits);
        assertRefused(call(weir, CHAT, LUNA, ""), 402, "budget_exhausted");
    }

    /** Neither JSON nor the call of a tool is of use in half. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],",
                "\"response_format\":{\"type\":\"json_object\"},"
            })
    void whatIsOfNoUseInHalfIsLeftAlone(String field) {
        World.Weir weir = weir("0.0003", "");
        String body = LUNA.replaceFirst("\\{", "{" + field);
        assertRefused(call(weir, CHAT, body, ""), 402, "budget_exhausted");
    }

    @Test
    void aBudgetInShadowClampsNothing() {
        World.Weir weir = weir("0.0003", ", mode: shadow");
        HttpResponse<String> answer = call(weir, CHAT, LUNA, "");
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(LUNA, sent());
    }

    @Test
    void theSmallestOfSeveralBudgetsDecides() {
        World.Weir weir =
                world.weir(
                        YAML
                                + "  - { name: wide, spend: 90 USD/day }\n"
                                + "  - { name: tight, spend: 0.0002 USD/day }\n");
        HttpResponse<String> answer = call(weir, CHAT, LUNA, "tokens=5000");
        assertEquals(200, answer.statusCode(), answer::body);
        JsonObject line = new JsonObject(weir.nextCall());
        assertTrue(line.getLong("reserved_nano_usd") <= 200_000, line::encode);
        assertTrue(line.getLong("reserved_nano_usd") > 198_000, line::encode);
    }

    @Test
    void whatOthersHoldIsAnotherNoThanWhatIsSpent() {
        World.Weir weir = weir("0.001", "");
        try (HostileSocket holding = new HostileSocket(weir.port())) {
            holding.send(HostileSocket.post(CHAT, LUNA, "x-sim: stall=before-headers"));
            FailureBench.<Void>get(world.provider().recorder().seen(1));
            assertRefused(call(weir, CHAT, LUNA, ""), 429, "budget_reserved");
            holding.vanish();
        }
        weir.nextCall();
        weir.nextCall();
        HttpResponse<String> last = call(weir, CHAT, LUNA, "tokens=5000");
        assertEquals(200, last.statusCode(), last::body);
        assertRefused(call(weir, CHAT, LUNA, ""), 402, "budget_exhausted");
    }
}
