package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.ACCOUNT;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * AWS Bedrock, {@code bedrock-runtime}. Operations: botocore 1.44.5, {@code
 * bedrock-runtime/2023-09-30/service-2.json}. OpenAI's and Anthropic's own APIs stand below {@code
 * /openai} and {@code /anthropic}; those vendors' files know what they cost.
 *
 * <p>Requests are in {@link BedrockRequest}, usage in {@link BedrockUsage}, streams in {@link
 * AwsEventStream}, errors in {@link BedrockDialect}.
 *
 * <h2>Credentials</h2>
 *
 * <p>A caller's SDK signs what it sends, with the address of this sidecar in it, so its signature
 * cannot go on: the request is signed anew with the sidecar's own keys, or gets its Bedrock API
 * key. A caller names its virtual key where its SDK has a place for one: as the bearer token
 * ({@code AWS_BEARER_TOKEN_BEDROCK}), or as the access key id ({@code AWS_ACCESS_KEY_ID}). The
 * signature made with it is not checked, since Weir knows virtual keys by their hash and has no
 * secret to check it with; any secret will do.
 */
final class Bedrock implements Provider {
    /** What costs what below {@code /model/{id}/}; all is a POST. */
    private static final Map<String, Endpoint> OPERATIONS =
            Map.ofEntries(
                    entry("converse", new Endpoint("converse", METERED)),
                    entry("converse-stream", new Endpoint("converse-stream", METERED)),
                    entry("invoke", new Endpoint("invoke", METERED)),
                    entry(
                            "invoke-with-response-stream",
                            new Endpoint("invoke-with-response-stream", METERED)),
                    entry("count-tokens", new Endpoint("count-tokens", FREE)),
                    entry(
                            "invoke-with-bidirectional-stream",
                            new Endpoint("invoke-with-bidirectional-stream", UNPRICED)));

    /** Results go to S3, and so does what they used; guardrails are billed by units of text. */
    private static final Endpoint ASYNC = new Endpoint("async-invoke", UNPRICED);

    private static final Endpoint GUARDRAIL = new Endpoint("guardrail", UNPRICED);
    private static final Endpoint READ = new Endpoint("read", ACCOUNT);
    private static final Endpoint OTHER = new Endpoint("other", UNPRICED);

    private static final Set<String> OWN = Set.copyOf(OPERATIONS.keySet());
    private static final String MESSAGES = "messages";

    private static final Pattern MODEL =
            Pattern.compile("/model/(?<id>[^/?]+)/(?<operation>[a-z-]+)/?(\\?.*)?");
    private static final Pattern HOST =
            Pattern.compile("(?:.*\\.)?bedrock-(?:runtime|mantle)(?:-fips)?\\.([a-z0-9-]+)\\..+");
    private static final Pattern SCOPE =
            Pattern.compile("Credential=([^/,\\s]+)/\\d{8}/([a-z0-9-]+)/");

    private static final String EVENT_STREAM = "application/vnd.amazon.eventstream";
    private static final String SIGNING_NAME = "bedrock";
    private static final String USUAL_REGION = "us-east-1";

    /** What belongs to a signature; {@link SigV4} sets what the new one needs. */
    private static final List<String> SIGNATURE =
            List.of(
                    "authorization",
                    "x-api-key",
                    "x-amz-date",
                    "x-amz-security-token",
                    "x-amz-content-sha256");

    private final Provider openAi = new OpenAi();
    private final Provider anthropic = new Anthropic();
    private final Dialect dialect = new BedrockDialect();

    @Override
    public String name() {
        return "bedrock";
    }

    /** None: the region is part of it. */
    @Override
    public String defaultBaseUrl() {
        return "";
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        Matcher model = MODEL.matcher(path);
        if (model.matches()) {
            Endpoint endpoint = OPERATIONS.get(model.group("operation"));
            return endpoint == null || !method.equals(HttpMethod.POST) ? OTHER : endpoint;
        }
        if (isBelow(path, "/openai")) {
            return openAi.endpoint(method, path.substring("/openai".length()));
        }
        if (isBelow(path, "/anthropic")) {
            return Anthropic.messagesElsewhere(
                    anthropic.endpoint(method, path.substring("/anthropic".length())));
        }
        if (isBelow(path, "/async-invoke")) {
            return method.equals(HttpMethod.GET) ? READ : ASYNC;
        }
        boolean guardrail = isBelow(path, "/guardrail") || isBelow(path, "/guardrail-checks");
        return guardrail ? GUARDRAIL : OTHER;
    }

    private static boolean isBelow(String path, String folder) {
        return path.equals(folder) || path.startsWith(folder + "/");
    }

    @Override
    public boolean slashesAreInNames(String path) {
        Matcher model = MODEL.matcher(path);
        if (model.matches()) {
            return BedrockModel.isArn(model.group("id"));
        }
        String async = "/async-invoke/";
        return path.startsWith(async) && BedrockModel.isArn(path.substring(async.length()));
    }

    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        List<String> presented = Credentials.bearers(headers);
        for (String authorization : headers.getAll(HttpHeaders.AUTHORIZATION)) {
            Matcher scope = SCOPE.matcher(authorization);
            if (scope.find()) {
                presented.add(scope.group(1));
            }
        }
        String other = anthropic.presentedKey(headers, query);
        if (other != null) {
            presented.add(other);
        }
        return Credentials.preferred(presented);
    }

    @Override
    public boolean signsBodies() {
        return true;
    }

    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        String region = region(request);
        SIGNATURE.forEach(request.headers()::remove);
        switch (proof) {
            case Proof.AwsKeys keys ->
                    new SigV4(SIGNING_NAME, region).sign(request, keys, request.now());
            case Proof.Token token ->
                    Credentials.setBearer(request.headers(), token.value().reveal());
            case null -> {
                // A server that needs no credential.
            }
        }
    }

    /**
     * By the host; where that does not tell (a proxy's, a private name's), as the caller thinks.
     */
    private static String region(Outgoing request) {
        Matcher host = HOST.matcher(request.authority());
        if (host.matches()) {
            return host.group(1);
        }
        String authorization = request.headers().get(HttpHeaders.AUTHORIZATION);
        Matcher scope = SCOPE.matcher(authorization == null ? "" : authorization);
        return scope.find() ? scope.group(2) : USUAL_REGION;
    }

    @Override
    public Set<Cloud> clouds() {
        return Set.of(Cloud.AWS);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        return peek(endpoint, target, MultiMap.caseInsensitiveMultiMap(), body);
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, MultiMap headers, Buffer body) {
        Matcher path = MODEL.matcher(target);
        if (!path.matches()) {
            return face(endpoint).peek(endpoint, target, headers, body);
        }
        BedrockModel model = BedrockModel.of(path.group("id"));
        boolean stream = endpoint.name().endsWith("-stream");
        return endpoint.name().startsWith("converse")
                ? BedrockRequest.converse(model, stream, Bytes.of(body))
                : BedrockRequest.invoke(model, stream, headers, Bytes.of(body));
    }

    private Provider face(Endpoint endpoint) {
        return endpoint.name().equals(MESSAGES) ? anthropic : openAi;
    }

    @Override
    public boolean streams(Peek peek, String contentType) {
        return Provider.isEventStream(contentType) || isBinary(contentType);
    }

    private static boolean isBinary(String contentType) {
        return contentType.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        if (!OWN.contains(endpoint.name())) {
            return face(endpoint).usageReader(endpoint, peek, answer);
        }
        BedrockUsage usage = new BedrockUsage(peek, answer);
        return answer.shape() == AnswerShape.BODY
                ? new BodyReader<>(BedrockUsage.FIELDS, usage)
                : new BedrockReader(usage);
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /** Who calls a face reads its errors. */
    @Override
    public Dialect dialect(String path) {
        if (isBelow(path, "/openai")) {
            return openAi.dialect();
        }
        return isBelow(path, "/anthropic") ? anthropic.dialect() : dialect;
    }
}
