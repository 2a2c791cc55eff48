package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/** What batches in OpenAI's dialect say. Quotes are written as {@code '}. */
final class OpenAiBatchTest {
    private static final String PATH = "/v1/batches";
    private static final String CHAT = "/v1/chat/completions";

    private final Provider provider = new OpenAi();
    private final Endpoint create = provider.endpoint(HttpMethod.POST, PATH);

    private PeekResult create(String target, String body) {
        return provider.peek(create, target, Buffer.buffer(body.replace('\'', '"')));
    }

    private static String named(String url) {
        return "{'input_file_id':'file-1','endpoint':'" + url + "'}";
    }

    private PeekResult.InFile file(String url) {
        return assertInstanceOf(PeekResult.InFile.class, create(PATH, named(url)));
    }

    private static String chat(String body) {
        return "{'custom_id':'x','method':'POST','url':'" + CHAT + "','body':{" + body + "}}\n";
    }

    private PeekResult read(String url, String... lines) {
        PeekResult.FileReader reader = file(url).reader();
        reader.read(Buffer.buffer(String.join("", lines).replace('\'', '"')));
        return reader.end();
    }

    private Peek peek(String... lines) {
        return assertInstanceOf(Peek.class, read(CHAT, lines));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/batches, /v1/files/file-1/content",
        "/v1/batches/, /v1/files/file-1/content",
        "/batches, /files/file-1/content",
        "/openai/v1/batches?api-version=1, /openai/v1/files/file-1/content?api-version=1",
    })
    void theFileIsWhereTheBatchIs(String target, String file) {
        PeekResult.InFile found =
                assertInstanceOf(PeekResult.InFile.class, create(target, named(CHAT)));
        assertEquals(file, found.target());
    }

    /** Azure takes files from elsewhere; a name with a slash would lead elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input_blob':'https://x','endpoint':'/v1/chat/completions'}",
                "{'input_file_id':'../models','endpoint':'/v1/chat/completions'}",
                "{'input_file_id':'file-1','endpoint':'/v1/images/generations'}",
                "{'input_file_id':'file-1','endpoint':'/v1/batches'}",
            })
    void whatCannotBeReadHasNoPrice(String body) {
        Peek peek = assertInstanceOf(Peek.class, create(PATH, body));
        assertTrue(peek.unmetered());
        assertEquals(List.of(Peek.ANY), peek.otherModels());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input_file_id':'file-1'}",
                "{'input_file_id':7,'endpoint':'/v1/chat/completions'}",
                "{'input_file_id':'a','input_file_id':'b','endpoint':'/v1/chat/completions'}",
            })
    void whatTheVendorMightReadInAnotherWayIsMalformed(String body) {
        assertInstanceOf(PeekResult.Malformed.class, create(PATH, body));
    }

    @Test
    void aBatchIsOneRequestWithAllAnswers() {
        String first = chat("'model':'gpt-4.1','max_tokens':10");
        String second = chat("'model':'gpt-4.1','max_tokens':20,'n':3");
        Peek peek = peek(first, "\n", "\r\n", second.strip());
        assertEquals("gpt-4.1", peek.model());
        assertEquals(List.of(), peek.otherModels());
        assertEquals(2, peek.requests());
        assertEquals(4, peek.choices());
        assertEquals(OptionalLong.of(18), peek.outputCap(), "70 tokens for four, rounded up");
        assertEquals(List.of("batch"), peek.terms());
        assertEquals(2 * OpenAiRequest.HEADER_TOKENS, peek.extraInputTokens());
        assertEquals(first.strip().length() + second.strip().length(), peek.bodyBytes());
        assertFalse(peek.stream());
        assertNull(peek.lowerCap());
    }

    @Test
    void whatOneOfThemAsksForHoldsForAll() {
        Peek peek =
                peek(
                        chat("'model':'a','max_tokens':9"),
                        chat("'model':'b','web_search_options':{}"),
                        chat(
                                "'model':'a','messages':[{'content':[{'type':'file','file':"
                                        + "{'file_id':'f'}}]}]"));
        assertEquals(List.of("b"), peek.otherModels());
        assertEquals(OptionalLong.empty(), peek.outputCap(), "one has no cap");
        assertTrue(peek.serverTools());
        assertTrue(peek.unseenInput());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oops",
                "{'url':'/v1/chat/completions','body':{}}",
                "{'url':'/v1/chat/completions','model':'a'}",
                "{'url':'/v1/embeddings','body':{'model':'a'}}",
                "{'url':'/v1/batches','body':{'model':'a'}}",
                "{'url':'/v1/chat/completions','body':{'model':'a'},'body':{'model':'b'}}",
                "{'url':'/v1/chat/completions','body':{'model':'a','model':'b'}}",
                "{'url':'/v1/chat/completions','body':{'model':'a','max_tokens':'7'}}",
            })
    void aLineThatIsNoRequestIsTold(String line) {
        PeekResult.Malformed wrong =
                assertInstanceOf(
                        PeekResult.Malformed.class,
                        read(CHAT, chat("'model':'a'"), line + "\n", chat("'model':'a'")));
        assertTrue(wrong.message().startsWith("line 2 of the batch's file"), wrong.message());
    }

    @Test
    void anEmptyFileAndALineTooLongAreTold() {
        assertInstanceOf(PeekResult.Malformed.class, read(CHAT, "\n\n"));
        PeekResult.FileReader reader = file(CHAT).reader();
        Buffer mebibyte = Buffer.buffer(new byte[1 << 20]);
        for (int i = 0; i <= Lines.MAX_BYTES >> 20; i++) {
            reader.read(mebibyte);
        }
        assertTrue(reader.heldBytes() <= Lines.MAX_BYTES);
        assertTrue(Objects.requireNonNull(reader.problem()).message().contains("16 MiB"));
    }

    @Test
    void theFileIsReadTheSameHoweverItIsCut() {
        String file =
                (chat("'model':'gpt-4.1','max_tokens':10") + "\n" + chat("'model':'b','n':2"))
                        .replace('\'', '"');
        Peek whole = peek(file);
        for (int at = 1; at < file.length(); at++) {
            PeekResult.FileReader reader = file(CHAT).reader();
            reader.read(Buffer.buffer(file.substring(0, at)));
            reader.read(Buffer.buffer(file.substring(at)));
            assertEquals(whole, reader.end());
        }
    }

    @Test
    void resultsAreReadWhenItIsOver() {
        assertEquals("/v1/batches/batch_1?x=1", target("validating", "null"));
        assertEquals("/v1/batches/batch_1?x=1", target("cancelling", "null"));
        Job begun = Objects.requireNonNull(status("validating", "null").job());
        assertEquals("/v1/batches/batch_1", begun.target(PATH + "/"));
        assertEquals("/v1/files/file-2/content?x=1", target("completed", "'file-2'"));
        assertEquals("/v1/files/file-2/content?x=1", target("expired", "'file-2'"));
        assertTrue(status("failed", "null").report().complete());
        assertNull(status("failed", "null").job());
        assertFalse(status("completed", "'../x'").report().complete());
        assertNull(status("completed", "'../x'").job());
    }

    private String target(String status, String output) {
        return Objects.requireNonNull(status(status, output).job()).target(PATH + "?x=1");
    }

    private UsageReader status(String status, String output) {
        UsageReader reader = reader(create, peek(chat("'model':'m'")));
        String body =
                "{'id':'batch_1','endpoint':'%s','status':'%s','output_file_id':%s}"
                        .formatted(CHAT, status, output);
        reader.read(Buffer.buffer(body.replace('\'', '"')));
        return reader;
    }

    private UsageReader reader(Endpoint endpoint, Peek peek) {
        return provider.usageReader(
                endpoint,
                peek,
                new Answer(AnswerShape.BODY, "", MultiMap.caseInsensitiveMultiMap()));
    }

    private static final String DONE =
            "{'response':{'status_code':200,'body':{'model':'m-1','service_tier':'default',"
                    + "'usage':{'prompt_tokens':1,'completion_tokens':2}}},'error':null}\n";

    private UsageReport results(int cutAt, String results) {
        Endpoint endpoint =
                Objects.requireNonNull(
                        Objects.requireNonNull(status("completed", "'file-2'").job()).readAs());
        UsageReader reader = reader(endpoint, peek(chat("'model':'m'")));
        String text = results.replace('\'', '"');
        reader.read(Buffer.buffer(text.substring(0, cutAt)));
        reader.read(Buffer.buffer(text.substring(cutAt)));
        reader.end();
        return reader.report();
    }

    @Test
    void successesAreBilledAtTheBatchsPrice() {
        String failed = "{'response':{'status_code':400,'body':{'error':{}}},'error':null}\n";
        String expired = "{'response':null,'error':{'code':'batch_expired'}}\n";
        String text = DONE + failed + "\r\n\n" + expired + DONE.strip();
        for (int at = 0; at < text.length(); at++) {
            UsageReport report = results(at, text);
            assertTrue(report.complete());
            assertEquals(2, report.lines().size());
            for (UsageLine line : report.lines()) {
                assertEquals("m-1", line.model());
                assertEquals(List.of("batch"), line.terms());
                assertEquals(1, line.usage().inputTokens());
                assertEquals(2, line.usage().outputTokens());
            }
        }
    }

    @Test
    void aSuccessThatDoesNotTellItsUsageMakesTheReportIncomplete() {
        String untold = "{'response':{'status_code':200,'body':{'model':'m'}},'error':null}\n";
        for (String bad : List.of(untold, "oops\n", "{'response':{'status_code':200")) {
            UsageReport report = results(0, DONE + bad);
            assertFalse(report.complete());
            assertEquals(List.of(), report.lines());
        }
    }
}
