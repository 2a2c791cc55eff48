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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What batches of messages say. Quotes are written as {@code '}. */
final class AnthropicBatchTest {
    private static final String PATH = "/v1/messages/batches";

    private final Provider provider = new Anthropic();
    private final Endpoint create = provider.endpoint(HttpMethod.POST, PATH);

    private Peek peek(String... params) {
        String requests =
                List.of(params).stream()
                        .map(one -> "{'custom_id':'x','params':{" + one + "}}")
                        .collect(Collectors.joining(","));
        String body = "{'requests':[" + requests + "]}";
        PeekResult result = provider.peek(create, PATH, Buffer.buffer(body.replace('\'', '"')));
        return assertInstanceOf(Peek.class, result);
    }

    @Test
    void aBatchIsOneRequestWithAnAnswerForEachOfItsOwn() {
        Peek peek =
                peek(
                        "'model':'m','max_tokens':9",
                        "'model':'m','max_tokens':30,'tools':[{'name':'f'}]",
                        "'model':'m','max_tokens':20");
        assertEquals("m", peek.model());
        assertEquals(List.of(), peek.otherModels());
        assertEquals(3, peek.requests());
        assertEquals(3, peek.choices());
        assertEquals(OptionalLong.of(30), peek.outputCap());
        assertEquals(
                3 * (AnthropicRequest.TEMPLATE_TOKENS + AnthropicRequest.TOOLS_TOKENS),
                peek.extraInputTokens());
        assertNull(peek.lowerCap());
        assertFalse(peek.stream());
    }

    @Test
    void whatOneOfThemAsksForHoldsForAll() {
        Peek peek =
                peek(
                        "'model':'a','max_tokens':9,'speed':'fast'",
                        "'model':'b','max_tokens':9,'mcp_servers':[{'url':'u'}]",
                        "'model':'b','max_tokens':9,'container':'c'",
                        "'model':'a'");
        assertEquals(List.of("b"), peek.otherModels());
        assertEquals(List.of("fast"), peek.terms());
        assertTrue(peek.serverTools());
        assertTrue(peek.unseenInput());
        assertEquals(OptionalLong.empty(), peek.outputCap(), "one has no cap");
    }

    @Test
    void tooManyModelsAreAnyModel() {
        String[] each =
                IntStream.range(0, 70).mapToObj(i -> "'model':'m" + i + "'").toArray(String[]::new);
        assertEquals(List.of(Peek.ANY), peek(each).otherModels());
    }

    @Test
    void aBatchWithoutRequestsHasNoModel() {
        PeekResult result = provider.peek(create, PATH, Buffer.buffer("{\"requests\":[]}"));
        assertInstanceOf(PeekResult.Malformed.class, result);
    }

    /** It is asked how it stands until it has ended, and then what came of it. */
    @Test
    void resultsAreReadWhenItHasEnded() {
        assertEquals(new Job("msgbatch_1", create), job("in_progress"));
        assertEquals(new Job("msgbatch_1", create), job("canceling"));
        assertEquals(
                "/v1/messages/batches/msgbatch_1/results?beta=true",
                job("ended").target(PATH + "?beta=true"));
    }

    private Job job(String status) {
        UsageReader reader = reader(create, peek("'model':'m'"));
        String body = "{'id':'msgbatch_1','processing_status':'" + status + "'}";
        reader.read(Buffer.buffer(body.replace('\'', '"')));
        return Objects.requireNonNull(reader.job());
    }

    private UsageReader reader(Endpoint endpoint, Peek peek) {
        return provider.usageReader(
                endpoint,
                peek,
                new Answer(AnswerShape.BODY, "", MultiMap.caseInsensitiveMultiMap()));
    }

    @Test
    void aResultThatIsMissingOrUnreadableMakesTheReportIncomplete() {
        Peek peek = peek("'model':'m'", "'model':'m'");
        String one =
                "{'result':{'type':'succeeded','message':{'model':'m','usage':"
                        + "{'input_tokens':1,'output_tokens':2}}}}\n";
        assertTrue(complete(peek, one + one));
        assertTrue(complete(peek, one + "{'result':{'type':'canceled'}}\n"));
        assertFalse(complete(peek, one));
        assertFalse(complete(peek, one + "{'result':{'type':'succeeded'}}\n"));
        assertFalse(complete(peek, one + "{'result':{'type':'of_the_future'}}\n"));
        assertFalse(complete(peek, one + "oops\n"));
    }

    private boolean complete(Peek peek, String results) {
        UsageReader reader = reader(AnthropicBatch.RESULTS, peek);
        reader.read(Buffer.buffer(results.replace('\'', '"')));
        reader.end();
        return reader.report().complete();
    }
}
