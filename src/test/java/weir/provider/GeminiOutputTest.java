package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bounds the output of Google's methods. Quotes are written as {@code '}. */
final class GeminiOutputTest {
    /** The least change that puts a cap there, whatever the body says so far. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"{'contents':[]}\", \"{'generationConfig':{'maxOutputTokens':7},'contents':[]}\"",
                "\"{'generationConfig':{}}\", \"{'generationConfig':{'maxOutputTokens':7}}\"",
                "\"{'generationConfig':{'topK':1}}\","
                        + "\"{'generationConfig':{'maxOutputTokens':7,'topK':1}}\"",
                "\"{'generation_config':{'max_output_tokens':99}}\","
                        + "\"{'generation_config':{'max_output_tokens':7}}\"",
                "\"{'generationConfig':{'maxOutputTokens':null}}\","
                        + "\"{'generationConfig':{'maxOutputTokens':7}}\"",
                "\"{'generationConfig':{'maxOutputTokens':5}}\","
                        + "\"{'generationConfig':{'maxOutputTokens':5}}\"",
            })
    void theCapIsLowered(String body, String lowered) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Peek peek = GeminiRequestTest.peek("gemini-3.8-flash:generateContent", body);
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Peek.BodyEdit edit : peek.edits(OptionalLong.of(7))) {
            text.append(new String(bytes, from, edit.from() - from, StandardCharsets.UTF_8));
            text.append(edit.text());
            from = edit.to();
        }
        text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
        assertEquals(lowered.replace('\'', '"'), text.toString());
    }

    @Test
    void thoughtsNeedRoomForAnAnswer() {
        Peek peek =
                GeminiRequestTest.generate(
                        ",'generationConfig':{'thinkingConfig':{'thinkingBudget':1000}}");
        OutputCap cap = assertNotNullCap(peek);
        assertEquals(1_064, cap.leastTokens());
        assertEquals(
                0,
                assertNotNullCap(
                                GeminiRequestTest.generate(
                                        ",'generationConfig':{'thinkingConfig':"
                                                + "{'thinkingBudget':-1}}"))
                        .leastTokens());
    }

    private static OutputCap assertNotNullCap(Peek peek) {
        OutputCap cap = peek.lowerCap();
        assertNotNull(cap);
        return cap;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'responseMimeType':'application/json'",
                "'response_schema':{}",
                "'responseJsonSchema':{}",
            })
    void outputThatMustNotBreakOffIsLeftAlone(String field) {
        assertNull(GeminiRequestTest.generate(",'generationConfig':{" + field + "}").lowerCap());
        assertNotNull(
                GeminiRequestTest.generate(",'generationConfig':{'responseMimeType':'text/plain'}")
                        .lowerCap());
    }

    /** A cap bounds no picture and no speech, so only the model does. */
    @Test
    void mediaAreBoundedByTheModelAlone() {
        String capped =
                "{" + GeminiRequestTest.PLAIN + ",'generationConfig':{'maxOutputTokens':9MORE}}";
        for (Peek peek :
                List.of(
                        GeminiRequestTest.peek(
                                "gemini-3.8-flash:generateContent",
                                capped.replace("MORE", ",'responseModalities':['TEXT','IMAGE']")),
                        GeminiRequestTest.peek(
                                "gemini-3.8-flash:generateContent",
                                capped.replace("MORE", ",'response_modalities':'audio'")),
                        GeminiRequestTest.peek(
                                "gemini-3.1-flash-image:generateContent",
                                capped.replace("MORE", "")),
                        GeminiRequestTest.peek(
                                "gemini-3.8-flash-tts:generateContent",
                                capped.replace("MORE", "")))) {
            assertEquals(OptionalLong.empty(), peek.outputCap());
            assertNull(peek.lowerCap());
        }
        String text = capped.replace("MORE", ",'responseModalities':['TEXT']");
        assertEquals(
                OptionalLong.of(9),
                GeminiRequestTest.peek("gemini-3.8-flash:generateContent", text).outputCap());
    }
}
