package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call that all goes well for. */
final class CallTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: main, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: main, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: daily, match: { tenant: shop }, per: [tenant], spend: 50 USD/day, requests: 600/min }
            """;
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hello there"}]}\
            """;
    private static final String CHAT_STREAM =
            """
            {"model":"gpt-6-luna","stream":true,"messages":[{"role":"user","content":"Hello there"}]}\
            """;
    private static final String MESSAGES =
            """
            {"model":"claude-haiku-5-5","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
            """;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aPlainCallIsForwardedMeteredAndLogged() {
        World.Weir weir = world.weir(YAML);

        HttpResponse<String> answer = weir.post("/openai/v1/chat/completions", CHAT);

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"usage\""), answer.body());
        assertTrue(answer.headers().firstValue("x-weir-cost-usd").isPresent());
        assertTrue(
                answer.headers().firstValue("ratelimit").orElse("").contains("\"daily.spend\";r="));
        String line = weir.nextCall();
        assertTrue(line.contains("\"outcome\":\"ok\""), line);
        assertFalse(line.contains("\"cost_nano_usd\":0,"), line);
        assertTrue(weir.scrape().contains("weir_requests_total{"), weir.scrape());
        assertEquals(
                "Bearer " + World.SECRET,
                world.provider().recorder().last().header("authorization"));
    }

    @Test
    void aStreamThatDidNotAskForUsageGetsNone() {
        World.Weir weir = world.weir(YAML);

        HttpResponse<String> answer = weir.post("/openai/v1/chat/completions", CHAT_STREAM);

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
        assertFalse(answer.body().contains("\"choices\":[]"), answer.body());
        String line = weir.nextCall();
        assertFalse(line.contains("estimated"), line);
        assertFalse(line.contains("\"cost_nano_usd\":0,"), line);
    }

    @Test
    void anthropicIsServedToo() {
        World.Weir weir = world.weir(YAML);

        HttpResponse<String> answer =
                weir.post(
                        "/anthropic/v1/messages",
                        MESSAGES,
                        "x-api-key",
                        "any",
                        "anthropic-version",
                        "2023-06-01");

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.headers().firstValue("x-weir-cost-usd").isPresent());
        assertEquals(World.SECRET, world.provider().recorder().last().header("x-api-key"));
    }
}
