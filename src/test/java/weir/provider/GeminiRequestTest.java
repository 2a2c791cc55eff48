package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.usage.Kind;

/** What the bodies of Google's methods say. Quotes are written as {@code '}. */
final class GeminiRequestTest {
    static final String PLAIN = "'contents':[{'parts':[{'text':'hi'}]}]";

    private static final Provider GEMINI = new Gemini();
    private final Provider vertex = new Vertex();

    private static PeekResult look(String call, String body) {
        return GEMINI.peek(
                new Endpoint(call.substring(call.indexOf(':') + 1), Endpoint.Cost.METERED),
                "/v1beta/models/" + call,
                Buffer.buffer(body.replace('\'', '"')));
    }

    static Peek peek(String call, String body) {
        return assertInstanceOf(Peek.class, look(call, body));
    }

    static Peek generate(String more) {
        return peek("gemini-3.8-flash:generateContent", "{" + PLAIN + more + "}");
    }

    @Test
    void aPlainRequest() {
        Peek peek = generate("");
        assertEquals("gemini-3.8-flash", peek.model());
        assertFalse(peek.stream());
        assertEquals(OptionalLong.empty(), peek.outputCap());
        assertEquals(1, peek.choices());
        assertEquals(OpenAiRequest.HEADER_TOKENS, peek.extraInputTokens());
        assertFalse(peek.unseenInput());
        assertFalse(peek.serverTools());
        assertFalse(peek.visibleOutput());
        assertNull(peek.usageEdit());
        assertTrue(peek("gemini-3.8-flash:streamGenerateContent", "{" + PLAIN + "}").stream());
    }

    /** Both spellings of every name are read, and of two caps the larger one. */
    @Test
    void namesHaveTwoSpellings() {
        Peek camel =
                generate(
                        ",'generationConfig':{'maxOutputTokens':9,'candidateCount':2},"
                                + "'serviceTier':'flex','cachedContent':'c'");
        Peek snake =
                generate(
                        ",'generation_config':{'max_output_tokens':9,'candidate_count':2},"
                                + "'service_tier':'SERVICE_TIER_FLEX','cached_content':'c'");
        for (Peek peek : List.of(camel, snake)) {
            assertEquals(OptionalLong.of(9), peek.outputCap());
            assertEquals(2, peek.choices());
            assertEquals(List.of("flex"), peek.terms());
            assertTrue(peek.unseenInput());
        }
        Peek both =
                generate(
                        ",'generationConfig':{'maxOutputTokens':9},"
                                + "'generation_config':{'max_output_tokens':90}");
        assertEquals(OptionalLong.of(90), both.outputCap());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'generationConfig':{'maxOutputTokens':0}",
                "'generationConfig':{'maxOutputTokens':'9'}",
                "'generationConfig':{'maxOutputTokens':9,'maxOutputTokens':900}",
                "'generationConfig':{'candidateCount':0}",
                "'generationConfig':[]",
                "'serviceTier':1",
            })
    void whatGoogleMightReadInAnotherWayIsRefused(String field) {
        assertInstanceOf(
                PeekResult.Malformed.class,
                look("gemini-3.8-flash:generateContent", "{" + PLAIN + "," + field + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tools':[{'googleSearch':{}}]",
                "'tools':[{'google_search':{}}]",
                "'tools':{'codeExecution':{}}",
                "'tools':[{'functionDeclarations':[]},{'urlContext':{}}]",
                "'tools':[{'somethingNew':{}}]",
            })
    void toolsOfTheVendorAreTold(String tools) {
        assertTrue(generate("," + tools).serverTools());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tools':[{'functionDeclarations':[{'name':'googleSearch'}]}]",
                "'tools':[{'function_declarations':[{'name':'f','parameters':{'type':'x'}}]}]",
                "'tools':{'functionDeclarations':[{'name':'f'}]}",
            })
    void toolsOfTheCallerAreNot(String tools) {
        Peek peek = generate("," + tools);
        assertFalse(peek.serverTools());
        assertNull(peek.lowerCap());
        assertTrue(peek.extraInputTokens() >= GeminiRequest.TOOLS_TOKENS);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"{'inlineData':{'mimeType':'image/png','data':'aGk='}}\", 1, false",
                "\"{'inline_data':{'data':'aGk=','mime_type':'image/png'}}\", 1, false",
                "\"{'inlineData':{'mimeType':'text/plain','data':'aGk='}}\", 1, false",
                "\"{'inlineData':{'mimeType':'application/pdf','data':'aGk='}}\", 1, true",
                "\"{'inlineData':{'mimeType':'audio/flac','data':'aGk='}}\", 1, true",
                "\"{'fileData':{'fileUri':'gs://b/f'}}\", 0, true",
                "\"{'file_data':{'file_uri':'gs://b/f'}}\", 0, true",
                "\"{'functionCall':{'args':{'fileData':{'a':1}}}}\", 0, false",
                "\"{'functionResponse':{'response':{'fileData':{'a':1}}}}\", 0, false",
                "\"{'functionResponse':{'parts':[{'fileData':{'a':1}}]}}\", 0, true",
            })
    void partsThatAreNoText(String part, long images, boolean unseen) {
        String body = "{'contents':{'parts':[" + part + "]},'systemInstruction':{'parts':[]}}";
        Peek peek = peek("gemini-3.8-flash:generateContent", body);
        assertEquals(unseen, peek.unseenInput());
        assertEquals(
                OpenAiRequest.HEADER_TOKENS + images * GeminiRequest.IMAGE_TOKENS,
                peek.extraInputTokens());
    }

    @Test
    void tunedModelsHaveNamesOfTheirOwn() {
        Endpoint endpoint = new Endpoint("generateContent", Endpoint.Cost.METERED);
        Buffer body = Buffer.buffer("{}");
        assertEquals(
                "tunedModels/gemini-3.8-flash",
                assertInstanceOf(
                                Peek.class,
                                GEMINI.peek(
                                        endpoint,
                                        "/v1/tunedModels/gemini-3.8-flash:generateContent",
                                        body))
                        .model());
    }

    /** What chooses the fields of an answer, or its format, could hide its usage. */
    @ParameterizedTest
    @CsvSource({
        "alt=sse, true",
        "$alt=json&prettyPrint=false, true",
        "'', true",
        "alt=proto, false",
        "alt=media, false",
        "alt, false",
        "fields=candidates, false",
        "$fields=candidates, false",
        "%66ields=candidates, false",
        "callback=f, false",
    })
    void queriesThatWouldHideTheUsageAreRefused(String query, boolean taken) {
        PeekResult seen = look("gemini-3.8-flash:generateContent?" + query, "{" + PLAIN + "}");
        assertEquals(taken, seen instanceof Peek, seen::toString);
    }

    /** Trap 20: what reports no tokens has to be priced from the request. */
    @Test
    void imagesAreCountedInTheRequest() {
        String call = "imagen-4.0-generate-001:predict";
        assertEquals(4, peek(call, "{'instances':[{'prompt':'x'}]}").media().amount(Kind.IMAGES));
        assertEquals(
                6,
                peek(call, "{'instances':[{},{}],'parameters':{'sampleCount':3}}")
                        .media()
                        .amount(Kind.IMAGES));
        assertEquals(
                0,
                peek("text-embedding-005:predict", "{'instances':[{'content':'x'}]}")
                        .media()
                        .amount(Kind.IMAGES));
    }

    /** Trap 18: on Vertex the tier is asked for in a header. */
    @Test
    void thePriorityThatAHeaderAsksForIsQuoted() {
        Endpoint endpoint = new Endpoint("generateContent", Endpoint.Cost.METERED);
        String target =
                "/v1/projects/p/locations/global/publishers/google/models/gemini-3.8-flash"
                        + ":generateContent";
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("X-Vertex-AI-LLM-Shared-Request-Type", "priority");
        PeekResult seen = vertex.peek(endpoint, target, headers, Buffer.buffer("{}"));
        assertEquals(List.of("priority"), assertInstanceOf(Peek.class, seen).terms());
    }

    @Test
    void claudeOnVertexIsAnthropicsBody() {
        PeekResult seen =
                vertex.peek(
                        new Endpoint("streamRawPredict", Endpoint.Cost.METERED),
                        "/v1/projects/p/locations/global/publishers/anthropic/models/"
                                + "claude-sonnet-5@20260101:streamRawPredict",
                        Buffer.buffer(
                                """
                                {"anthropic_version":"vertex-2023-10-16","max_tokens":9,\
                                "model":"claude-cheap","stream":true,"messages":[]}\
                                """));
        Peek peek = assertInstanceOf(Peek.class, seen);
        assertEquals("claude-sonnet-5@20260101", peek.model());
        assertEquals(OptionalLong.of(9), peek.outputCap());
        assertTrue(peek.stream());
        assertTrue(peek.visibleOutput());
    }
}
