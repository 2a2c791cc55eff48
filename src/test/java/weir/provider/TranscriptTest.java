package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.usage.Kind;
import weir.usage.Usage;

/** Recorded streams, counted, and ended before their end after each of their events. */
final class TranscriptTest {
    private static final Usage CHARGED = Usage.ofTokens(70, 90);

    /** Vendors whose every stream is written along, also where it hides something. */
    private static final Set<String> WRITTEN_ALONG = Set.of("openai", "anthropic");

    /** Those that Weir would count: of other vendors where all that is billed is shown. */
    private static Stream<Golden> streams() {
        return Golden.all().stream()
                .filter(g -> g.answer().shape() == AnswerShape.EVENTS)
                .filter(g -> isText(g) || g.peek().visibleOutput());
    }

    private static boolean isText(Golden golden) {
        String endpoint = golden.endpoint().name();
        return WRITTEN_ALONG.contains(golden.provider().name())
                && !endpoint.startsWith("images.")
                && !endpoint.startsWith("audio.");
    }

    private static UsageReader reader(Golden golden) {
        return golden.provider()
                .usageReader(
                        golden.endpoint(),
                        golden.peek(),
                        new Answer(
                                AnswerShape.COUNTED_EVENTS,
                                golden.contentType(),
                                MultiMap.caseInsensitiveMultiMap()));
    }

    private static Transcript transcript(UsageReader reader) {
        Transcript transcript = reader.transcript();
        if (transcript == null) {
            throw new AssertionError("not counted");
        }
        return transcript;
    }

    /** All passes as without counting, whole events at a time. */
    @ParameterizedTest
    @MethodSource("streams")
    void passesInWholeEvents(Golden golden) {
        UsageReader reader = reader(golden);
        Buffer out = Buffer.buffer();
        for (int i = 0; i < golden.response().length(); i++) {
            Buffer passed = reader.read(golden.response().getBuffer(i, i + 1));
            String text = passed.toString();
            boolean comment = text.startsWith(":");
            assertTrue(text.isEmpty() || comment || text.matches("(?s).*[\n\r]"), text);
            out.appendBuffer(passed);
        }
        out.appendBuffer(reader.end());
        assertEquals(golden.passed().toString(), out.toString());
        assertEquals(golden.lines(), reader.report().lines());
        assertEquals(golden.complete(), reader.report().complete());
    }

    /** What is counted is never less than what the provider counts, where it shows everything. */
    @ParameterizedTest
    @MethodSource("streams")
    void countsNoLessThanTheProvider(Golden golden) {
        UsageReader reader = reader(golden);
        assertNotNull(reader.transcript(), golden.name());
        reader.read(golden.response());
        reader.end();
        boolean shown =
                golden.lines().stream().allMatch(l -> l.usage().amount(Kind.REASONING) == 0);
        if (golden.complete() && shown && golden.lines().size() == 1) {
            long actual = golden.lines().getFirst().usage().outputTokens();
            long counted = transcript(reader).outputTokens();
            assertTrue(counted >= Math.min(actual, 20), counted + " of " + actual);
        }
    }

    /** What a stream became that was ended early is a stream that ended well. */
    @ParameterizedTest
    @MethodSource("streams")
    void endsAfterAnyEvent(Golden golden) {
        List<Integer> ends =
                IntStream.range(1, golden.response().length())
                        .filter(i -> golden.response().getString(i - 1, i + 1).equals("\n\n"))
                        .mapToObj(i -> i + 1)
                        .toList();
        for (int end : ends) {
            UsageReader reader = reader(golden);
            Buffer passed =
                    Buffer.buffer().appendBuffer(reader.read(golden.response().getBuffer(0, end)));
            Transcript transcript = transcript(reader);
            if (transcript.isOpen()) {
                passed.appendBuffer(transcript.ending(CHARGED));
                assertEndsWell(golden, passed);
            }
        }
    }

    private static void assertEndsWell(Golden golden, Buffer stream) {
        UsageReader again = reader(golden);
        again.read(stream);
        again.end();
        assertFalse(transcript(again).isOpen(), stream::toString);
        boolean told = golden.peek().usageEdit() == null;
        assertTrue(
                !told || again.report().complete() || again.report().lines().isEmpty(),
                stream::toString);
        if (told && again.report().complete()) {
            assertEquals(
                    90, again.report().lines().getFirst().usage().outputTokens(), golden.name());
        }
    }

    @Test
    void bytesOfGeneratedTextCountAndNothingElse() {
        Peek peek =
                (Peek)
                        new OpenAi()
                                .peek(
                                        new Endpoint("chat.completions", Endpoint.Cost.METERED),
                                        "/",
                                        Buffer.buffer("{\"model\":\"gpt-4.1\",\"n\":2}"));
        ChatTranscript transcript = new ChatTranscript(peek);
        event(transcript, "{'id':'x','choices':[{'index':0,'delta':{'content':'é\\n€😀'}}]}");
        assertEquals(2 + 1 + 3 + 4, transcript.outputTokens());
        event(
                transcript,
                "{'choices':[{'delta':{'tool_calls':[{'function':{'arguments':'{a'}}]}}]}");
        assertEquals(12, transcript.outputTokens());
        event(transcript, "{'choices':[],'usage':{'prompt_tokens':1},'obfuscation':'abcdef'}");
        assertEquals(12, transcript.outputTokens());
        event(transcript, "{'choices':[{'finish_reason':'stop','index':1,'delta':{}}]}");
        assertTrue(transcript.isOpen());
        String unknown = "{'surprise':1}";
        event(transcript, unknown);
        assertEquals(12 + unknown.length(), transcript.outputTokens());
        String ending = transcript.ending(CHARGED).toString();
        assertTrue(ending.contains("\"index\":0") && !ending.contains("\"index\":1"), ending);
    }

    private static void event(ChatTranscript transcript, String json) {
        byte[] data = json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8);
        transcript.event(data, data.length);
    }
}
