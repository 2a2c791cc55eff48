package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import weir.micro.MicroBenchmark;

/** What a request to OpenAI tells: whose key, which endpoint, what its body may cost. */
public class PeekBenchmark extends MicroBenchmark {
    private static final int IMAGE_CHARS = 5 << 20;

    private final Provider provider = new OpenAi();
    private final MultiMap headers =
            HeadersMultiMap.headers()
                    .add("Content-Type", "application/json")
                    .add("Authorization", "Bearer wk_4f1c0a7be2d94c5f8a6b3e1d7c9f0a2b4d6e8f00");
    private final Endpoint chat = provider.endpoint(HttpMethod.POST, "/v1/chat/completions");
    private final Buffer small =
            body("[{\"role\":\"user\",\"content\":\"" + "word ".repeat(180) + "\"}]");
    private final Buffer large =
            body(
                    """
                    [{"role":"user","content":[{"type":"text","text":"What is this?"},\
                    {"type":"image_url","image_url":{"url":"data:image/png;base64,\
                    """
                            + "A".repeat(IMAGE_CHARS)
                            + "\"}}]}]");

    private static Buffer body(String messages) {
        return Buffer.buffer(
                "{\"model\":\"gpt-5-mini\",\"messages\":"
                        + messages
                        + ",\"max_completion_tokens\":256,\"temperature\":0.7}");
    }

    @Benchmark
    public Object peek1KiB() {
        return provider.peek(chat, "/v1/chat/completions", small);
    }

    @Benchmark
    public Object peek5MiB() {
        return provider.peek(chat, "/v1/chat/completions", large);
    }

    @Benchmark
    public Object endpoint() {
        return provider.endpoint(HttpMethod.POST, "/v1/chat/completions");
    }

    @Benchmark
    public @Nullable Object presentedKey() {
        return provider.presentedKey(headers, null);
    }
}
