package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AskTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\":\"a weir is\"}|3",
                "{\"prompt\":[\"a weir\",\"is low\"]}|4",
                "{\"prompt\":[1,2,3]}|3",
                "{\"input\":[[1,2],[3]]}|3",
                "{\"system\":\"be it\",\"messages\":[{\"role\":\"user\",\"content\":\"a b\"}]}|4",
                "{\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\" a  b \"}]}]}|2",
                "{\"instructions\":\"x\",\"input\":[{\"type\":\"message\",\"content\":\"y z\"}]}|3",
                "{\"metadata\":{\"note\":\"not a word of it\"},\"stop\":\"a b\"}|0",
                "{}|0"
            })
    void countsTheWordsOfPrompts(String body, long words) throws IOException {
        assertEquals(words, Ask.read(Buffer.buffer(body)).inputTokens());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"input\":\"a b\"}|1",
                "{\"input\":[\"a\",\"b\",\"c\"]}|3",
                "{\"input\":[1,2,3]}|1",
                "{\"input\":[[1,2],[3]]}|2"
            })
    void countsWhatIsToBeEmbedded(String body, int members) throws IOException {
        assertEquals(members, Ask.read(Buffer.buffer(body)).members());
    }

    @Test
    void readsFieldsBehindAnything() throws IOException {
        String body =
                """
                {"messages":[{"content":[{"model":"no","stream":false}]}],"stop":null,
                "stream_options":{"x":{"include_usage":false},"include_usage":true},
                "n":2,"max_tokens":null,"max_completion_tokens":9,"stream":true,"model":"yes"}\
                """;
        Ask ask = Ask.read(Buffer.buffer(body));
        assertEquals("yes", ask.model());
        assertTrue(ask.stream());
        assertTrue(ask.includeUsage());
        assertEquals(2, ask.choices());
        assertEquals(9, ask.outputCap());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"text\"",
                "{\"model\":",
                "{\"model\":1}",
                "{\"max_tokens\":\"many\"}",
                "{\"max_tokens\":1.5}",
                "{\"messages\":[{",
                "{\"messages\":[}",
                "{\"max_tokens\":99999999999999999999}"
            })
    void refusesWhatIsNoRequest(String body) {
        assertThrows(IOException.class, () -> Ask.read(Buffer.buffer(body)));
    }
}
