package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * Where Google's reports mislead a meter. Quotes are written as {@code '}; the wire formats are
 * among the golden recordings.
 */
final class GeminiTrapsTest {
    private static final String TARGET = "/v1beta/models/gemini-3.8-flash:generateContent";
    private static final Endpoint GENERATE = new Endpoint("generateContent", Endpoint.Cost.METERED);

    private final Provider provider = new Gemini();

    private UsageReport report(String usage, MultiMap headers) {
        Peek peek = (Peek) provider.peek(GENERATE, TARGET, Buffer.buffer("{}"));
        UsageReader reader =
                provider.usageReader(
                        GENERATE, peek, new Answer(AnswerShape.BODY, "application/json", headers));
        String body = "{'candidates':[{'finishReason':'STOP'}],'usageMetadata':{" + usage + "}}";
        reader.read(Buffer.buffer(body.replace('\'', '"')));
        reader.end();
        return reader.report();
    }

    private UsageLine line(String usage) {
        UsageReport report = report(usage, MultiMap.caseInsensitiveMultiMap());
        assertTrue(report.complete());
        return report.lines().getFirst();
    }

    @Test
    void trap6TheCacheIsInsideThePrompt() {
        Usage usage =
                line("'promptTokenCount':1000,'cachedContentTokenCount':900,'totalTokenCount':1000")
                        .usage();
        assertEquals(1_000, usage.inputTokens());
        assertEquals(100, usage.amount(Kind.INPUT));
        assertEquals(900, usage.amount(Kind.CACHED_INPUT));
    }

    @ParameterizedTest
    @CsvSource({
        // Beside the candidates, as documented; without a total likewise.
        "73, 6, 70, 76",
        "0, 6, 70, 76",
        // Inside them, as some models report.
        "17, 16, 10, 16",
    })
    void trap7ThoughtsAreAddedUnlessTheTotalHasThem(
            long total, long answer, long thoughts, long output) {
        String all = total == 0 ? "" : ",'totalTokenCount':" + total;
        Usage usage =
                line("'promptTokenCount':1,'candidatesTokenCount':"
                                + answer
                                + ",'thoughtsTokenCount':"
                                + thoughts
                                + all)
                        .usage();
        assertEquals(output, usage.outputTokens());
        assertEquals(thoughts, usage.amount(Kind.REASONING));
    }

    @Test
    void trap7WhatToolsBringIsAddedToThePrompt() {
        Usage usage = line("'promptTokenCount':8,'toolUsePromptTokenCount':90").usage();
        assertEquals(98, usage.inputTokens());
    }

    @ParameterizedTest
    @CsvSource({
        "standard, ''",
        "flex, flex",
        "Priority, priority",
    })
    void trap18TheTierThatServedStandsInAHeader(String tier, String term) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("X-Gemini-Service-Tier", tier);
        assertEquals(
                term.isEmpty() ? List.of() : List.of(term),
                report("'promptTokenCount':8", headers).lines().getFirst().terms());
    }
}
