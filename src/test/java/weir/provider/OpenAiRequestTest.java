package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import weir.usage.Usage;

/** What OpenAI's request bodies say. Quotes are written as {@code '}. */
final class OpenAiRequestTest {
    private static final Provider PROVIDER = new OpenAi();

    private static PeekResult read(String path, String json) {
        return PROVIDER.peek(
                PROVIDER.endpoint(HttpMethod.POST, path),
                path,
                Buffer.buffer(json.replace('\'', '"')));
    }

    private static Peek chat(String json) {
        return assertInstanceOf(Peek.class, read("/v1/chat/completions", json));
    }

    private static Peek responses(String json) {
        return assertInstanceOf(Peek.class, read("/v1/responses", json));
    }

    private static Peek completions(String json) {
        return assertInstanceOf(Peek.class, read("/v1/completions", json));
    }

    @Test
    void everythingAtOnce() {
        String json =
                "{'messages':[{'role':'user','content':'hi'}],'max_tokens':10,'n':3,'stream':true,"
                        + "'max_completion_tokens':20,'service_tier':'flex','model':'gpt-6.1-sol',"
                        + "'stream_options':{'include_usage':true}}";
        assertEquals(
                new Peek(
                        "gpt-6.1-sol",
                        true,
                        json.length(),
                        OptionalLong.of(20),
                        1,
                        3,
                        OpenAiRequest.TEMPLATE_TOKENS,
                        false,
                        false,
                        Usage.NONE,
                        List.of("flex"),
                        false,
                        List.of(),
                        false,
                        new OutputCap(
                                List.of(
                                        new OutputCap.Named(58, 60, 10),
                                        new OutputCap.Named(105, 107, 20)),
                                new OutputCap.Gap(1, 1, "\"max_completion_tokens\":", ","),
                                0),
                        null),
                chat(json));
    }

    @Test
    void nullsAreAbsent() {
        Peek peek =
                chat("{'model':'m','max_tokens':null,'stream':null,'n':null,'service_tier':null}");
        assertEquals(OptionalLong.empty(), peek.outputCap());
        assertFalse(peek.stream());
        assertEquals(1, peek.choices());
        assertEquals(List.of(), peek.terms());
    }

    @Test
    void fieldsBehindFiveMegabytesOfImage() {
        String image = "A".repeat(5 << 20);
        String url =
                "{'type':'image_url','image_url':{'url':'data:image/png;base64," + image + "'}}";
        Peek peek =
                chat(
                        "{'messages':[{'role':'user','content':["
                                + url
                                + "]}],'max_tokens':7,'stream':true,'model':'gpt-6.1-sol'}");
        assertEquals("gpt-6.1-sol", peek.model());
        assertEquals(OptionalLong.of(7), peek.outputCap());
        assertTrue(peek.stream());
        assertFalse(peek.unseenInput());
        assertEquals(
                OpenAiRequest.TEMPLATE_TOKENS + OpenAiRequest.IMAGE_TOKENS,
                peek.extraInputTokens());
        Peek.BodyEdit edit = peek.usageEdit();
        assertTrue(edit != null && edit.from() == 1 && edit.to() == 1);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/chat-input.txt", delimiter = '|', quoteCharacter = '`')
    void chatInputThatTheBodyDoesNotHold(boolean unseen, String messages) {
        assertEquals(unseen, chat("{'model':'m','messages':" + messages + "}").unseenInput());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/responses-input.txt", delimiter = '|', quoteCharacter = '`')
    void responsesInputThatTheBodyDoesNotHold(boolean unseen, String field) {
        assertEquals(unseen, responses("{'model':'m'," + field + "}").unseenInput(), field);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/openai-tools.txt", delimiter = '|', quoteCharacter = '`')
    void openAiTools(boolean server, String field) {
        assertEquals(server, responses("{'model':'m'," + field + "}").serverTools());
    }

    @Test
    void openAiOtherFields() {
        assertTrue(chat("{'model':'m','web_search_options':{}}").serverTools());
        assertTrue(chat("{'model':'gpt-4o-search-preview'}").serverTools());
        assertTrue(responses("{'model':'m','background':true,'stream':true}").unmetered());
        assertFalse(responses("{'model':'m','background':true}").unmetered());
        assertEquals(
                List.of("gpt-image-1"),
                responses("{'model':'m','tools':[{'type':'image_generation'}]}").otherModels());
        assertEquals(
                List.of("i"),
                responses("{'model':'m','tools':[{'model':'i','type':'image_generation'}]}")
                        .otherModels());
        assertEquals(List.of("priority"), chat("{'model':'m','service_tier':'fast'}").terms());
        assertEquals(List.of(), chat("{'model':'m','service_tier':'auto'}").terms());
        assertNull(responses("{'model':'m','stream':true}").usageEdit());
        assertNull(chat("{'model':'m','stream':false}").usageEdit());
    }

    @Test
    void promptsTimesCandidates() {
        assertEquals(
                6, completions("{'model':'m','prompt':['a','b'],'n':2,'best_of':3}").choices());
        assertEquals(2, completions("{'model':'m','prompt':[[1,2],[3]]}").choices());
        assertEquals(1, completions("{'model':'m','prompt':[1,2,3],'max_tokens':0}").choices());
        assertEquals(5, completions("{'model':'m','prompt':'a','n':5}").choices());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/usage-ask.txt", delimiter = '|', quoteCharacter = '`')
    void asksForUsageWithTheFewestBytes(String json, String edited) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
            Peek peek = assertInstanceOf(Peek.class, read(path, json));
            Peek.BodyEdit edit = peek.usageEdit();
            assertTrue(edit != null);
            Buffer result =
                    Buffer.buffer()
                            .appendBytes(body, 0, edit.from())
                            .appendString(edit.text())
                            .appendBytes(body, edit.to(), body.length - edit.to());
            assertEquals(edited.replace('\'', '"'), result.toString(StandardCharsets.UTF_8));
            Peek again =
                    assertInstanceOf(
                            Peek.class,
                            PROVIDER.peek(PROVIDER.endpoint(HttpMethod.POST, path), path, result));
            assertNull(again.usageEdit());
        }
    }
}
