package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Unit;
import weir.limit.Window;

final class DialectTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.250Z");

    private final Dialect openAi = new OpenAi().dialect();
    private final Dialect anthropic = new Anthropic().dialect();
    private final Dialect gemini = new Gemini().dialect();
    private final Dialect cohere = new Cohere().dialect();

    private static Standing rate(Unit unit, long left, long resetMillis, boolean shadow) {
        Policy d = Policy.DEFAULT;
        Policy policy =
                new Policy(
                        d.waitMillis(),
                        d.softPercents(),
                        d.whenLedgerIsDown(),
                        shadow,
                        d.unpriced(),
                        d.flatNanoUsd(),
                        d.unseenInput(),
                        d.onExhausted());
        Meter meter = new Meter.Rate(unit, new Bucket(600, 60_000_000, 600));
        Limit limit = new Limit("per-key", Match.ALL, List.of(), List.of(meter), policy);
        Claim claim = new Claim(limit, meter, "shop", List.of("checkout"), 1);
        return new Standing(
                claim, 600, 600 - left, 0, 0, left, 0, resetMillis, 0, Standing.Verdict.FITS);
    }

    private static Standing spend() {
        Meter meter =
                new Meter.Spend(50_000_000_000L, new Window(Window.Period.DAY, ZoneOffset.UTC));
        Limit limit =
                new Limit("shop-\"daily\"", Match.ALL, List.of(), List.of(meter), Policy.DEFAULT);
        Claim claim = new Claim(limit, meter, "shop", List.of("shop"), 123_000);
        return new Standing(
                claim,
                50_000_000_000L,
                49_999_999_999L,
                1,
                0,
                0,
                5,
                3_600_000,
                0,
                Standing.Verdict.EXHAUSTED);
    }

    @Test
    void bedrocksFacesSayNoInTheirOwnWords() throws IOException {
        Provider bedrock = new Bedrock();
        String path = "/openai/v1/chat/completions";
        assertTrue(error(bedrock.dialect(path)).has("error"));
        assertEquals(Map.of(), bedrock.dialect(path).errorHeaders(Reason.RATE_LIMITED));
        assertEquals(
                "error", error(bedrock.dialect("/anthropic/v1/messages")).path("type").asText());
        assertTrue(error(bedrock.dialect("/model/m/converse")).has("message"));
    }

    private static JsonNode error(Dialect dialect) throws IOException {
        return JSON.readTree(
                dialect.errorBody(Reason.RATE_LIMITED, "No", "id", List.of()).getBytes());
    }

    @Test
    void openAiBody() throws IOException {
        assertEquals(
                JSON.readTree(
                        """
                        {"error":{"message":"No \\"money\\"",
                        "type":"insufficient_quota","param":null,"code":"insufficient_quota",
                        "weir":{"reason":"budget_exhausted","request_id":"r1","limits":[
                        {"name":"shop-\\"daily\\"","unit":"usd","scope":["shop"],
                        "limit":"50","used":"49.999999999","reserved":"0.000000001","leased":"0",
                        "left":"0","requested":"0.000123","reset_ms":3600000},
                        {"name":"per-key","unit":"requests","scope":["checkout"],
                        "limit":600,"used":597,
                        "reserved":0,"leased":0,"left":3,"requested":1,"reset_ms":500}]}}}\
                        """),
                JSON.readTree(
                        openAi.errorBody(
                                        Reason.BUDGET_EXHAUSTED,
                                        "No \"money\"",
                                        "r1",
                                        List.of(spend(), rate(Unit.REQUESTS, 3, 500, false)))
                                .getBytes()));
    }

    @Test
    void anthropicBody() throws IOException {
        assertEquals(
                JSON.readTree(
                        """
                        {"type":"error",
                         "error":{"type":"rate_limit_error","message":"Wait","details":null,
                         "weir":{"reason":"rate_limited","request_id":"r1","limits":[]}},
                         "request_id":"r1"}\
                        """),
                JSON.readTree(
                        anthropic
                                .errorBody(Reason.RATE_LIMITED, "Wait", "r1", List.of())
                                .getBytes()));
    }

    @Test
    void geminiBody() throws IOException {
        Standing wait = waiting(1_500);
        JsonNode error =
                JSON.readTree(
                                gemini.errorBody(Reason.RATE_LIMITED, "Wait", "r1", List.of(wait))
                                        .getBytes())
                        .get("error");
        assertEquals(429, error.get("code").intValue());
        assertEquals("RESOURCE_EXHAUSTED", error.get("status").textValue());
        assertEquals("2s", error.get("details").get(0).get("retryDelay").textValue());
        assertEquals("rate_limited", error.get("weir").get("reason").textValue());
    }

    private static Standing waiting(long millis) {
        Standing s = rate(Unit.REQUESTS, 0, 5_000, false);
        return new Standing(
                s.claim(),
                s.limit(),
                s.used(),
                s.reserved(),
                s.leased(),
                s.left(),
                0,
                s.resetMillis(),
                millis,
                s.verdict());
    }

    @Test
    void cohereBody() throws IOException {
        assertEquals(
                JSON.readTree(
                        """
                        {"message":"Wait","weir":{"reason":"rate_limited","request_id":"r1",
                         "limits":[]}}\
                        """),
                JSON.readTree(
                        cohere.errorBody(Reason.RATE_LIMITED, "Wait", "r1", List.of()).getBytes()));
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasAStatusOfGoogles(Reason reason) throws IOException {
        JsonNode error =
                JSON.readTree(gemini.errorBody(reason, "m", "r", List.of()).getBytes())
                        .get("error");
        assertFalse(error.get("status").textValue().isEmpty());
        assertEquals(reason.word(), error.get("weir").get("reason").textValue());
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasWords(Reason reason) throws IOException {
        for (Dialect dialect : List.of(openAi, anthropic)) {
            JsonNode error =
                    JSON.readTree(dialect.errorBody(reason, "m", "r", List.of()).getBytes())
                            .get("error");
            assertFalse(error.get("type").textValue().isEmpty());
            assertEquals(reason.word(), error.get("weir").get("reason").textValue());
        }
    }

    @Test
    void openAiHeadersOfTheTightest() {
        assertEquals(
                Map.of(
                        "x-ratelimit-limit-requests", "600",
                        "x-ratelimit-remaining-requests", "3",
                        "x-ratelimit-reset-requests", "12ms",
                        "x-ratelimit-limit-tokens", "600",
                        "x-ratelimit-remaining-tokens", "7",
                        "x-ratelimit-reset-tokens", "6m0s"),
                openAi.rateLimitHeaders(
                        List.of(
                                spend(),
                                rate(Unit.REQUESTS, 9, 900, false),
                                rate(Unit.REQUESTS, 3, 12, false),
                                rate(Unit.REQUESTS, 1, 1, true),
                                rate(Unit.TOKENS, 7, 1_000, false),
                                rate(Unit.OUTPUT_TOKENS, 7, 360_000, false),
                                rate(Unit.INPUT_TOKENS, 8, 1_000, false)),
                        NOW));
        assertEquals(Map.of(), openAi.rateLimitHeaders(List.of(spend()), NOW));
    }

    @Test
    void anthropicHeadersOfEach() {
        assertEquals(
                Map.of(
                        "anthropic-ratelimit-input-tokens-limit", "600",
                        "anthropic-ratelimit-input-tokens-remaining", "5",
                        "anthropic-ratelimit-input-tokens-reset", "2026-11-24T10:00:02Z",
                        "anthropic-ratelimit-tokens-limit", "600",
                        "anthropic-ratelimit-tokens-remaining", "0",
                        "anthropic-ratelimit-tokens-reset", "2026-11-24T10:01:00Z"),
                anthropic.rateLimitHeaders(
                        List.of(
                                rate(Unit.INPUT_TOKENS, 5, 1_000, false),
                                rate(Unit.TOKENS, 0, 59_750, false)),
                        NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "1,1ms",
        "999,999ms",
        "1000,1s",
        "1500,1.5s",
        "1050,1.05s",
        "60000,1m0s",
        "61001,1m1.001s",
        "3600000,1h0m0s",
        "90061000,25h1m1s"
    })
    void goDurations(long millis, String text) {
        assertEquals(text, OpenAiDialect.goDuration(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,0.000000001",
        "123000,0.000123",
        "50000000000,50",
        "100000000000,100",
        "-5,-0.000000005"
    })
    void dollars(long nanoUsd, String text) {
        assertEquals(text, ErrorJson.usd(nanoUsd));
    }
}
