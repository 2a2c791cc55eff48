package weir.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import weir.limit.Standing;
import weir.micro.FourLimits;
import weir.micro.MicroBenchmark;

/** Headers on their way: the caller's, as OpenAI's Python SDK sends them, and the limits'. */
public class HeadersBenchmark extends MicroBenchmark {
    private final List<Standing> standings = FourLimits.standings();
    private final MultiMap sent =
            HeadersMultiMap.headers()
                    .add("Host", "127.0.0.1:8080")
                    .add("Accept-Encoding", "gzip, deflate")
                    .add("Connection", "keep-alive")
                    .add("Accept", "application/json")
                    .add("Content-Type", "application/json")
                    .add("User-Agent", "OpenAI/Python 2.8.0")
                    .add("X-Stainless-Lang", "python")
                    .add("X-Stainless-Package-Version", "2.8.0")
                    .add("X-Stainless-OS", "Linux")
                    .add("X-Stainless-Arch", "x64")
                    .add("X-Stainless-Runtime", "CPython")
                    .add("X-Stainless-Runtime-Version", "3.12.3")
                    .add("Authorization", "Bearer wk_4f1c0a7be2d94c5f8a6b3e1d7c9f0a2b4d6e8f00")
                    .add("X-Stainless-Async", "false")
                    .add("x-stainless-retry-count", "0")
                    .add("x-stainless-read-timeout", "600")
                    .add("Content-Length", "1024");

    @Benchmark
    public Object rateLimit() {
        MultiMap headers = HeadersMultiMap.headers();
        RateLimitHeaders.put(headers, standings);
        RateLimitHeaders.warn(headers, standings);
        return headers;
    }

    @Benchmark
    public Object copyRequest() {
        MultiMap to = HeadersMultiMap.headers();
        Headers.copyRequest(sent, to);
        return to;
    }

    /** After the provider's own credential was put in. */
    @Benchmark
    public Object copyRequestWithoutVirtualKeys() {
        MultiMap to = HeadersMultiMap.headers();
        Headers.copyRequest(sent, to);
        to.set("Authorization", "Bearer sk-provider");
        Headers.removeVirtualKeys(sent, to);
        return to;
    }
}
