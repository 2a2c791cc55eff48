package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import weir.micro.MicroBenchmark;

/** Answers of OpenAI's and Bedrock's on their way to the caller; of streams, one event of many. */
public class UsageBenchmark extends MicroBenchmark {
    private static final int EVENTS = 100;
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":250,\"completion_tokens\":100,\"total_tokens\":350,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}}";

    private final Provider provider = new OpenAi();
    private final Endpoint chat = provider.endpoint(HttpMethod.POST, "/v1/chat/completions");
    private final Peek plain = peek("");
    private final Peek stream =
            peek(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final Buffer body =
            Buffer.buffer(
                    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1790000000,"
                            + "\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":"
                            + "{\"role\":\"assistant\",\"content\":\""
                            + "word ".repeat(100)
                            + "\"},\"finish_reason\":\"stop\"}],"
                            + USAGE
                            + "}");
    private final Buffer word = event("[{\"index\":0,\"delta\":{\"content\":\" word\"}}]", "");
    private final Buffer last = event("[]", "," + USAGE);
    private final Buffer frame =
            AwsFrames.event(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" word\"},\"p\":\"abcdefgh\"}");
    private int seen;
    private final EventStream events =
            new EventStream(
                    (data, length) -> {
                        seen += length;
                        return false;
                    },
                    false);
    private final AwsEventStream frames =
            new AwsEventStream((type, payload) -> seen += payload.length);

    private Peek peek(String more) {
        String request =
                "{\"model\":\"gpt-5-mini\",\"messages\":[],\"max_completion_tokens\":256"
                        + more
                        + "}";
        return (Peek) provider.peek(chat, "/v1/chat/completions", Buffer.buffer(request));
    }

    private static Buffer event(String choices, String more) {
        return Buffer.buffer(
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
                        + "\"created\":1790000000,\"model\":\"gpt-5-mini\",\"choices\":"
                        + choices
                        + more
                        + "}\n\n");
    }

    @Benchmark
    public Object plainAnswer() {
        Answer answer = new Answer(AnswerShape.BODY, "application/json", headers);
        UsageReader reader = provider.usageReader(chat, plain, answer);
        reader.read(body);
        reader.end();
        return reader.report();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Object streamedAnswer() {
        Answer answer = new Answer(AnswerShape.EVENTS, "text/event-stream", headers);
        UsageReader reader = provider.usageReader(chat, stream, answer);
        for (int i = 1; i < EVENTS; i++) {
            reader.read(word);
        }
        reader.read(last);
        reader.end();
        return reader.report();
    }

    @Benchmark
    public int serverSentEvent() {
        events.read(word);
        return seen;
    }

    @Benchmark
    public int awsEvent() {
        frames.read(frame);
        return seen;
    }
}
