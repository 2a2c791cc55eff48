package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What Anthropic's request bodies say. Quotes are written as {@code '}. */
final class AnthropicRequestTest {
    private static final Provider PROVIDER = new Anthropic();

    private static PeekResult read(String path, String json) {
        return PROVIDER.peek(
                PROVIDER.endpoint(HttpMethod.POST, path),
                path,
                Buffer.buffer(json.replace('\'', '"')));
    }

    private static Peek messages(String json) {
        return assertInstanceOf(Peek.class, read("/v1/messages", json));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/anthropic-sources.txt", delimiter = '|', quoteCharacter = '`')
    void anthropicSources(boolean unseen, String sources) {
        String blocks =
                sources.replace("[{", "[{'source':{")
                        .replace("},{", "}},{'source':{")
                        .replace("}]", "}}]");
        String body =
                "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':"
                        + blocks
                        + "}]}";
        assertEquals(unseen, messages(body).unseenInput(), body);
        String inToolResult =
                "{'model':'m','messages':[{'role':'user','content':[{'type':'tool_result',"
                        + "'content':"
                        + blocks
                        + "}]}]}";
        assertEquals(unseen, messages(inToolResult).unseenInput(), inToolResult);
    }

    @Test
    void argumentsOfToolsAreTheApplicationsOwnWords() {
        assertFalse(
                messages(
                                "{'model':'m','messages':[{'role':'assistant','content':"
                                        + "[{'type':'tool_use','input':"
                                        + "{'source':{'type':'git'},'file_id':'x'}}]}]}")
                        .unseenInput());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/anthropic-tools.txt", delimiter = '|', quoteCharacter = '`')
    void anthropicTools(boolean unseen, boolean server, String field) {
        Peek peek = messages("{'model':'m','max_tokens':0," + field + "}");
        assertEquals(unseen, peek.unseenInput());
        assertEquals(server, peek.serverTools());
        assertEquals(OptionalLong.of(0), peek.outputCap());
    }

    @Test
    void anthropicAllowances() {
        assertEquals(
                AnthropicRequest.TEMPLATE_TOKENS
                        + AnthropicRequest.TOOLS_TOKENS
                        + 2 * AnthropicRequest.KNOWN_TOOL_TOKENS
                        + AnthropicRequest.IMAGE_TOKENS,
                messages(
                                "{'model':'m','tools':[{'type':'bash_20250124'},{'name':'f'},"
                                        + "{'type':'text_editor_20250728'}],'messages':"
                                        + "[{'content':[{'type':'image','source':{'type':"
                                        + "'base64','media_type':'image/png','data':'A'}}]}]}")
                        .extraInputTokens());
    }

    @Test
    void anthropicTermsAndOtherModels() {
        Peek peek =
                messages(
                        "{'model':'m','speed':'fast','inference_geo':'us','service_tier':'auto',"
                                + "'fallbacks':[{'model':'b','max_tokens':50}],'max_tokens':20,"
                                + "'tools':[{'type':'advisor_20260301','model':'c'}]}");
        assertEquals(List.of("fast", "us"), peek.terms());
        assertEquals(List.of("b", "c"), peek.otherModels());
        assertEquals(OptionalLong.of(50), peek.outputCap());
        assertTrue(peek.serverTools());
        assertEquals(
                List.of("default"), messages("{'model':'m','fallbacks':'default'}").otherModels());
        assertNull(messages("{'model':'m','stream':true}").usageEdit());
    }
}
