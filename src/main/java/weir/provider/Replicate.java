package weir.provider;

import static weir.provider.Endpoint.Cost.ACCOUNT;
import static weir.provider.Endpoint.Cost.FREE;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * Replicate's API: jobs, whose usage is known when they end. Operations: replicate-python 1.0.7,
 * {@code client.py}, {@code prediction.py}; bodies and usage are in {@link ReplicateRequest} and
 * {@link ReplicateUsage}.
 *
 * <pre>
 * POST predictions, models/O/N/predictions, deployments/O/N/predictions   metered
 * GET predictions/ID, POST predictions/ID/cancel                          free
 * GET models…, collections…, hardware                                     free
 * GET predictions, account, deployments…, files…, trainings, webhooks…    the account's
 * everything else (trainings, files, making models and deployments)       unpriced
 * </pre>
 *
 * <p>Hardware is billed by its time, which no request bounds by itself. So each prediction gets a
 * deadline, the vendor's own header {@code Cancel-After}, where the caller sets no shorter one: the
 * quote of {@link ReplicateRequest#MOST_SECONDS} is a bound because the vendor ends what exceeds
 * it.
 *
 * <p>Clients follow the absolute URLs of a prediction; those of the API lead back through Weir.
 * Events of a prediction ({@code urls.stream}) come from another host and cost nothing; they do not
 * pass here.
 */
final class Replicate implements Provider {
    private static final CharSequence CANCEL_AFTER = HttpHeaders.createOptimized("cancel-after");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})s?");
    private static final String TOKEN = "token ";

    private static final Endpoint PREDICTION = new Endpoint("predictions", METERED);
    private static final Endpoint GET = new Endpoint("predictions.get", FREE);
    private static final Endpoint CANCEL = new Endpoint("predictions.cancel", FREE);
    private static final Endpoint LIST = new Endpoint("predictions.list", ACCOUNT);
    private static final Endpoint READ = new Endpoint("read", ACCOUNT);
    private static final Endpoint PUBLIC = new Endpoint("models", FREE);
    private static final Endpoint OTHER = new Endpoint("other", UNPRICED);

    private static final Pattern CREATES =
            Pattern.compile("(?:(?:models|deployments)/[\\w.-]+/[\\w.-]+/)?predictions");
    private static final Pattern ONE = Pattern.compile("predictions/[\\w-]+");
    private static final Pattern CANCELS = Pattern.compile("predictions/[\\w-]+/cancel");

    /** First segments of what everybody may read, and of what belongs to the account. */
    private static final Set<String> OPEN = Set.of("models", "collections", "hardware");

    private static final Set<String> READABLE =
            Set.of("account", "deployments", "files", "trainings", "webhooks");

    private static final String ORIGIN = "https://api.replicate.com";
    private static final Links ONE_LINKS = new Links(ORIGIN, "urls.get", "urls.cancel");
    private static final Links PAGE_LINKS = new Links(ORIGIN, "next", "previous");
    private static final Links LIST_LINKS =
            new Links(ORIGIN, "next", "previous", "results[].urls.get", "results[].urls.cancel");

    private final Dialect dialect = new ReplicateDialect();

    @Override
    public String name() {
        return "replicate";
    }

    @Override
    public String defaultBaseUrl() {
        return ORIGIN;
    }

    @Override
    public Endpoint endpoint(HttpMethod method, String path) {
        String operation = Paths.operation(path);
        if (method.equals(HttpMethod.POST)) {
            return CREATES.matcher(operation).matches()
                    ? PREDICTION
                    : CANCELS.matcher(operation).matches() ? CANCEL : OTHER;
        }
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (!reads || operation.contains("..") || operation.indexOf('%') >= 0) {
            return OTHER;
        }
        int slash = operation.indexOf('/');
        String first = slash < 0 ? operation : operation.substring(0, slash);
        if (operation.equals("predictions")) {
            return LIST;
        }
        if (ONE.matcher(operation).matches()) {
            return GET;
        }
        return OPEN.contains(first) ? PUBLIC : READABLE.contains(first) ? READ : OTHER;
    }

    /** Today's clients send a bearer token, older ones the scheme {@code Token}. */
    @Override
    public @Nullable String presentedKey(MultiMap headers, @Nullable String query) {
        List<String> presented = Credentials.bearers(headers);
        for (String value : headers.getAll(HttpHeaders.AUTHORIZATION)) {
            String text = value.strip();
            if (text.toLowerCase(Locale.ROOT).startsWith(TOKEN)) {
                presented.add(text.substring(TOKEN.length()).strip());
            }
        }
        presented.removeIf(String::isEmpty);
        return Credentials.preferred(presented);
    }

    @Override
    public void authorise(Outgoing request, @Nullable Proof proof) {
        MultiMap headers = request.headers();
        headers.remove(HttpHeaders.AUTHORIZATION);
        if (proof != null) {
            Credentials.setBearer(headers, Credentials.token(proof));
        }
        boolean creates = request.method().equals(HttpMethod.POST) && request.body() != null;
        if (creates && !isShorter(headers.getAll(CANCEL_AFTER))) {
            headers.set(CANCEL_AFTER, ReplicateRequest.MOST_SECONDS + "s");
        }
    }

    private static boolean isShorter(List<String> deadlines) {
        if (deadlines.size() != 1) {
            return false;
        }
        var seconds = SECONDS.matcher(deadlines.getFirst().strip());
        return seconds.matches()
                && Long.parseLong(seconds.group(1)) <= ReplicateRequest.MOST_SECONDS;
    }

    @Override
    public PeekResult peek(Endpoint endpoint, String target, Buffer body) {
        return ReplicateRequest.peek(target, Bytes.of(body));
    }

    @Override
    public UsageReader usageReader(Endpoint endpoint, Peek peek, Answer answer) {
        return new BodyReader<>(ReplicateUsage.FIELDS, new ReplicateUsage(peek));
    }

    /** Files are read by whoever is told their address: it stays. */
    @Override
    public @Nullable Links links(Endpoint endpoint) {
        return switch (endpoint.name()) {
            case "predictions", "predictions.get", "predictions.cancel" -> ONE_LINKS;
            case "predictions.list" -> LIST_LINKS;
            case "models", "read" -> PAGE_LINKS;
            default -> null;
        };
    }

    @Override
    public boolean billsByOneUnit(Endpoint endpoint) {
        return true;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
