package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * A vendor that serves OpenAI's API and, below {@code /anthropic}, Anthropic's: DeepSeek, and Azure
 * with Claude. Each is what it is elsewhere; the path decides.
 */
final class TwoFaced implements Provider {
    private static final String FACE = "/anthropic";
    private static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");

    private final OpenAi openAi;
    private final Anthropic anthropic = new Anthropic();

    TwoFaced(Flavour flavour) {
        this.openAi = new OpenAi(flavour);
    }

    private static boolean isAnthropic(String path) {
        return path.startsWith(FACE + "/");
    }

    private static boolean isMessages(Endpoint endpoint) {
        return endpoint.name().equals("messages");
    }

    @Override
    public String name() {
        return openAi.name();
    }

    @Override
    public String defaultBaseUrl() {
        return openAi.defaultBaseUrl();
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        return isAnthropic(path)
                ? Anthropic.messagesElsewhere(
                        anthropic.endpoint(method, path.substring(FACE.length())))
                : openAi.endpoint(method, path);
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        List<String> presented = new ArrayList<>();
        for (Provider face : List.of(openAi, anthropic)) {
            String key = face.presentedKey(headers, query);
            if (key != null) {
                presented.add(key);
            }
        }
        return Credentials.preferred(presented);
    }

    /** A key of Anthropic's face stands in its old header, the one that both vendors document. */
    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        MultiMap headers = request.headers();
        boolean claude = request.target().contains(FACE + "/");
        headers.remove(API_KEY);
        openAi.authorise(request, proof);
        if (claude && proof != null && !Credentials.isIssued(Credentials.token(proof))) {
            openAi.authorise(request, null);
            headers.set(API_KEY, Credentials.token(proof));
        }
    }

    @Override
    public Set<Cloud> clouds() {
        return openAi.clouds();
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        Provider face = isMessages(endpoint) ? anthropic : openAi;
        return face.peek(endpoint, target, body);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, MultiMap headers, Buffer body) {
        Provider face = isMessages(endpoint) ? anthropic : openAi;
        return face.peek(endpoint, target, headers, body);
    }

    @Override
    public boolean billsByOneUnit(Endpoint endpoint) {
        return openAi.billsByOneUnit(endpoint);
    }

    @Override
    public boolean streams(Peek peek, String contentType) {
        return openAi.streams(peek, contentType);
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        Provider face = isMessages(endpoint) ? anthropic : openAi;
        return face.usageReader(endpoint, peek, answer);
    }

    @Override
    public Opening opening(Endpoint endpoint) {
        return openAi.opening(endpoint);
    }

    @Override
    public SessionReader sessionReader(Endpoint endpoint, Peek peek) {
        return openAi.sessionReader(endpoint, peek);
    }

    @Override
    public Dialect dialect() {
        return openAi.dialect();
    }

    @Override
    public Dialect dialect(String path) {
        return isAnthropic(path) ? anthropic.dialect() : openAi.dialect();
    }
}
