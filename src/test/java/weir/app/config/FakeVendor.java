package weir.app.config;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.provider.Answer;
import weir.provider.Cloud;
import weir.provider.Dialect;
import weir.provider.Endpoint;
import weir.provider.Outgoing;
import weir.provider.Peek;
import weir.provider.PeekResult;
import weir.provider.Provider;
import weir.provider.UsageReader;

/** A vendor of which a configuration needs the name and the address only. */
record FakeVendor(String name, String defaultBaseUrl, Set<Cloud> clouds) implements Provider {
    static final Map<String, Provider> TYPES =
            Stream.of(
                            new FakeVendor("openai", "https://api.openai.com", Set.of()),
                            new FakeVendor("anthropic", "https://api.anthropic.com", Set.of()),
                            new FakeVendor("azure", "", Set.of(Cloud.ENTRA)),
                            new FakeVendor("any", "https://any.example", Set.of(Cloud.values())))
                    .collect(Collectors.toUnmodifiableMap(FakeVendor::name, Function.identity()));

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String presentedKey(MultiMap headers, @Nullable String query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dialect dialect() {
        throw new UnsupportedOperationException();
    }
}
