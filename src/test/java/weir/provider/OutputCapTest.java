package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Which requests can be made to want less, how, and whose output is seen as it passes. */
final class OutputCapTest {
    private static Provider provider(String path) {
        return path.equals("/v1/messages") ? new Anthropic() : new OpenAi();
    }

    private static Peek peek(String path, String json) {
        Provider provider = provider(path);
        Buffer body = Buffer.buffer(json.replace('\'', '"'));
        return assertInstanceOf(
                Peek.class, provider.peek(provider.endpoint(HttpMethod.POST, path), path, body));
    }

    private static String edited(String json, List<Peek.BodyEdit> edits) {
        StringBuilder body = new StringBuilder(json.replace('\'', '"'));
        for (Peek.BodyEdit edit : edits.reversed()) {
            body.replace(edit.from(), edit.to(), edit.text());
        }
        return body.toString().replace('"', '\'');
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/output-cap.txt", delimiter = '|', quoteCharacter = '`')
    void becomesAHundred(String path, String json, String lowered) {
        Peek peek = peek(path, json);
        if (lowered.equals("left alone")) {
            assertNull(peek.lowerCap());
            return;
        }
        String body = edited(json, peek.edits(OptionalLong.of(100)));
        assertEquals(lowered, body);
        Peek again = peek(path, body);
        assertEquals(
                Math.min(100, peek.outputCap().orElse(100)),
                again.outputCap().orElse(Long.MAX_VALUE));
        assertEquals(List.of(), again.edits(OptionalLong.of(100)));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/visible-output.txt", delimiter = '|', quoteCharacter = '`')
    void isSeenAsItPasses(String path, boolean visible, String json) {
        assertEquals(visible, peek(path, json).visibleOutput());
    }

    @Test
    void thinkingNeedsRoomForItsBudget() {
        String thinking =
                "{'model':'m','max_tokens':9000,'thinking':{'type':'enabled','budget_tokens':5000}}";
        OutputCap cap = peek("/v1/messages", thinking).lowerCap();
        assertEquals(5_000 + AnthropicRequest.ANSWER_TOKENS, cap == null ? -1 : cap.leastTokens());
    }
}
