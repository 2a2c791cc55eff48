package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a body can be wrong. Quotes are written as {@code '}. */
final class MalformedRequestTest {
    private static final Provider PROVIDER = new OpenAi();

    private static PeekResult read(String path, String json) {
        return PROVIDER.peek(
                PROVIDER.endpoint(HttpMethod.POST, path),
                path,
                Buffer.buffer(json.replace('\'', '"')));
    }

    private static PeekResult readChat(String json) {
        return read("/v1/chat/completions", json);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/peek/wrong-fields.txt", delimiter = '|', quoteCharacter = '`')
    void fieldsThatAreWrong(String field, String json) {
        PeekResult.Malformed malformed =
                assertInstanceOf(PeekResult.Malformed.class, readChat(json));
        assertEquals(field, malformed.field());
        assertTrue(malformed.message().contains(field), malformed.message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "[{'model':'m'}]",
                "'model'",
                "null",
                "7",
                "{",
                "{'model':'m'",
                "{'model':'m',}",
                "{'model':'m'}}",
                "{'model':'m'} x",
                "{'model':'m'}{'model':'n'}",
                "{'model':'m'}[]",
                "{model:'m'}",
                "{'model':'m','temperature':NaN}",
                "{'model':'m','temperature':Infinity}",
                "{'model':'m','a':01}",
                "{'model':'m','a':tru}",
                "{'model':'m','a':'\n'}",
                "{'model':'m','a':'\\x'}",
                "{'model':'m' 'a':1}",
                "{'model':'m'}//",
                "\ufeff{'model':'m'}",
                "{'model':'m','a':'\\ud83'}"
            })
    void bodiesThatAreNotOneObject(String json) {
        PeekResult.Malformed malformed =
                assertInstanceOf(PeekResult.Malformed.class, readChat(json));
        assertNull(malformed.field());
        assertTrue(malformed.message().contains("JSON"), malformed.message());
    }

    @Test
    void messagesSayWhatIsAllowedAndNothingOfTheBody() {
        assertEquals(
                new PeekResult.Malformed(
                        "max_tokens must be a whole number from 1 to 1000000000, or null, "
                                + "found another string",
                        "max_tokens"),
                readChat("{'model':'m','max_tokens':'secret'}"));
    }

    @Test
    void otherEncodingsAndBadUtf8() {
        String json = "{\"model\":\"m\"}";
        for (byte[] body :
                List.of(
                        json.getBytes(StandardCharsets.UTF_16LE),
                        json.getBytes(StandardCharsets.UTF_16BE),
                        json.getBytes(StandardCharsets.UTF_16),
                        "{\"model\":\"m\",\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1),
                        "{\"model\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1),
                        new byte[] {'{', '"', (byte) 0xC3},
                        new byte[4])) {
            assertInstanceOf(
                    PeekResult.Malformed.class,
                    OpenAiRequest.peek(new Endpoint("embeddings", Endpoint.Cost.METERED), body));
        }
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertInstanceOf(
                PeekResult.Malformed.class, readChat("{'model':'m','messages':" + deep + "}"));
        assertInstanceOf(PeekResult.Malformed.class, readChat("{'model':'m','x':" + deep + "}"));
        assertInstanceOf(
                PeekResult.Malformed.class,
                readChat("{'model':'m','n':" + "9".repeat(100_000) + "}"));
    }
}
