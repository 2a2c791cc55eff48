package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream whose output is seen reserves as it goes, and ends well where the budget does. */
final class SliceTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${PROVIDER}"
                credentials: [{ name: a, secret: "${SECRET}" }]
                on-disconnect: drain
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: purse, spend: SPEND USD/total }
            """;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String NANO =
            "{\"model\":\"gpt-4.1-nano\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    /** A cap of the caller's own may not be lowered, so a stream is sliced to its end. */
    private static final String CAPPED =
            NANO.replace(",\"stream\"", ",\"max_tokens\":30000,\"stream\"");

    private static final String USAGE = ",\"stream_options\":{\"include_usage\":true},\"n\":2}";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private World.Weir weir(String spend) {
        return world.weir(YAML.replace("SPEND", spend));
    }

    private static HttpResponse<String> call(
            World.Weir weir, String path, String body, String sim, String cost) {
        return weir.post(
                path, body, "x-sim", sim, "anthropic-version", "2023-06-01", "x-weir-cost", cost);
    }

    @Test
    void anAmpleBudgetLetsAStreamPassAsItIs() {
        World.Weir weir = weir("50");

        HttpResponse<String> answer = call(weir, CHAT, NANO, "tokens=2000", "");

        assertEquals(200, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("\"finish_reason\":\"stop\""), answer::body);
        assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer::body);
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals(2_000, line.getLong("output"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
        // Eight of its ten thousand bytes, or more, had been reserved; a first slice is 2,560.
        assertTrue(line.getLong("reserved_nano_usd") > 8_000 * 400, line::encode);
        assertEquals("", weir.bugs());
    }

    /** A short answer never holds more than a first slice. */
    @Test
    void aShortAnswerHoldsAFirstSliceOnly() {
        World.Weir weir = weir("50");
        call(weir, CHAT, NANO, "tokens=20", "");
        JsonObject line = new JsonObject(weir.nextCall());
        assertTrue(line.getLong("reserved_nano_usd") < 2_560 * 400 + 70_000, line::encode);
        assertTrue(line.getLong("reserved_nano_usd") > 2_560 * 400, line::encode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                CHAT
                        + " | gpt-4.1-nano | 0.002 | 'max_tokens':30000,'messages':[]"
                        + " | \"finish_reason\":\"length\"",
                CHAT
                        + " | gpt-6-luna | 0.0025 | 'max_completion_tokens':30000,"
                        + "'reasoning_effort':'none','messages':[] | length",
                "/openai/v1/completions | gpt-3.5-turbo-instruct | 0.007 | 'max_tokens':4000,"
                        + "'prompt':'Hi' | length",
                "/openai/v1/responses | gpt-4.1-nano | 0.002 | "
                        + "'max_output_tokens':30000,'input':'Hi' | max_output_tokens",
                "/anthropic/v1/messages | claude-haiku-5-5 | 0.003 | 'max_tokens':9000,'messages':[]"
                        + " | \"stop_reason\":\"max_tokens\"",
            })
    void aStreamThatUsesABudgetUpEndsWell(
            String path, String model, String spend, String fields, String reason) {
        World.Weir weir = weir(spend);
        String body =
                "{\"model\":\"" + model + "\",\"stream\":true," + fields.replace('\'', '"') + "}";

        HttpResponse<String> answer =
                call(weir, path, body, "tokens=3000,chunk-delay=1ms", "comment");

        assertEquals(200, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains(reason), answer::body);
        JsonObject line = new JsonObject(weir.nextCall());
        long budget = FailureBench.nano(spend);
        long cost = line.getLong("cost_nano_usd");
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertEquals("purse", line.getString("limit"), line::encode);
        assertTrue(line.getBoolean("estimated"), line::encode);
        // What is left is less than 32 tokens, and what a report of the input gave back.
        assertTrue(cost <= budget && cost > budget * 80 / 100, line::encode);
        assertTrue(line.getLong("reserved_nano_usd") > budget * 95 / 100, line::encode);
        assertTrue(cost <= line.getLong("reserved_nano_usd"), line::encode);
        String told = answer.body().substring(answer.body().lastIndexOf("x-weir-cost-usd=") + 16);
        assertEquals(cost, FailureBench.nano(told.strip()));
        assertEquals(
                Ending.CLIENT_VANISHED,
                FailureBench.get(world.provider().recorder().last().ended()));
        String metric = "weir_streams_truncated_total{limit=\"purse\"";
        assertTrue(weir.scrape().contains(metric), weir.scrape());
        assertNothingIsLeft(call(weir, path, body, "", ""));
        assertEquals("", weir.bugs());
    }

    private static void assertNothingIsLeft(HttpResponse<String> next) {
        assertEquals(402, next.statusCode(), next::body);
        assertEquals("budget_exhausted", next.headers().firstValue("x-weir-reason").orElse("none"));
    }

    @Test
    void everyOpenChoiceIsEndedAndUsageIsToldToWhoAsked() {
        World.Weir weir = weir("0.003");
        String body = CAPPED.substring(0, CAPPED.length() - 1) + USAGE;

        HttpResponse<String> answer = call(weir, CHAT, body, "tokens=3000,chunk-delay=1ms", "");

        String end =
                answer.body()
                        .substring(answer.body().indexOf("\"finish_reason\":\"length\"") - 400);
        assertEquals(3, end.split("\"finish_reason\":\"length\"", -1).length, end);
        assertTrue(end.contains("\"completion_tokens\":"), end);
        assertTrue(end.endsWith("data: [DONE]\n\n"), end);
        JsonObject line = new JsonObject(weir.nextCall());
        assertTrue(end.contains("\"completion_tokens\":" + line.getLong("output")), end);
    }

    /** Nobody listens, but somebody pays: the answer is not read on beyond the budget. */
    @Test
    void aStreamThatIsDrainedEndsWithItsMoneyToo() {
        World.Weir weir = weir("0.0016");
        HostileSocket caller = new HostileSocket(weir.port());
        caller.send(HostileSocket.post(CHAT, CAPPED, "x-sim: tokens=9000,chunk-delay=1ms"));
        caller.until("data: ");
        caller.vanish();

        JsonObject line = new JsonObject(weir.nextCall());

        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        assertTrue(line.getLong("cost_nano_usd") <= 1_600_000, line::encode);
        assertEquals(
                Ending.CLIENT_VANISHED,
                FailureBench.get(world.provider().recorder().last().ended()));
    }

    /**
     * A stream that is cut costs more than it is worth, so the first slice becomes the cap: twice
     * the usual length five times over, or what is left.
     */
    @ParameterizedTest
    @CsvSource({"0.002, 2560", "0.0006, 1"})
    void nearTheEndOfABudgetAStreamIsClamped(String spend, long leastCap) {
        World.Weir weir = weir(spend);

        HttpResponse<String> answer = call(weir, CHAT, NANO, "tokens=9000", "");

        long cap = Long.parseLong(answer.headers().firstValue("x-weir-clamped").orElse("-1"));
        assertTrue(cap >= leastCap && cap < 9_000, "clamped to " + cap);
        assertTrue(answer.body().contains("\"finish_reason\":\"length\""), answer::body);
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals(cap, line.getLong("output"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
        assertTrue(line.getLong("cost_nano_usd") <= FailureBench.nano(spend), line::encode);
    }

    /** The other call settles far below what it holds while this one uses its first slice. */
    @Test
    void whatOthersGiveBackIsWaitedFor() {
        World.Weir weir = weir("0.005");
        try (HostileSocket holding = new HostileSocket(weir.port())) {
            String large = "{\"model\":\"gpt-4.1-nano\",\"max_tokens\":9650,\"messages\":[]}";
            holding.send(HostileSocket.post(CHAT, large, "x-sim: delay=2200ms"));
            FailureBench.<Void>get(world.provider().recorder().seen(1));

            HttpResponse<String> answer =
                    call(weir, CHAT, CAPPED, "tokens=700,chunk-delay=5ms", "");

            assertTrue(answer.body().contains("\"finish_reason\":\"stop\""), answer::body);
            assertEquals(200, holding.answer().status());
        }
        weir.nextCall();
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals(700, line.getLong("output"), line::encode);
    }

    /** A stream that comes as something that cannot be counted asks for all that it can make. */
    @ParameterizedTest
    @CsvSource({"50, 200, ok", "0.002, 0, broken"})
    void aStreamThatCannotBeCountedNeedsItsWorstCase(String spend, int status, String outcome) {
        World.Weir weir = weir(spend);
        try (HostileSocket caller = new HostileSocket(weir.port())) {
            caller.send(HostileSocket.post(CHAT, CAPPED, "x-sim: gzip,tokens=200,chunk-delay=1ms"));
            if (status == 200) {
                assertEquals(200, caller.answer().status());
            } else {
                caller.rest();
            }
        }
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals(outcome, line.getString("outcome"), line::encode);
        assertTrue(line.getLong("cost_nano_usd") <= FailureBench.nano(spend), line::encode);
    }
}
