package weir.provider;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's API as one vendor serves it: where it differs from {@link OpenAi#FLAVOUR}, which is what
 * a builder begins with.
 */
final class Flavour {
    /** Endpoints whose streams may report usage only when asked. */
    private static final Set<String> ASKED = Set.of("chat.completions", "completions");

    private final Builder is;

    private Flavour(Builder is) {
        this.is = is;
    }

    String name() {
        return is.name;
    }

    String baseUrl() {
        return is.baseUrl;
    }

    /** A header for the key beside the bearer's; null where there is none. */
    @Nullable String keyHeader() {
        return is.keyHeader;
    }

    Set<Cloud> clouds() {
        return is.clouds;
    }

    /** What is billed for any sound, however short. */
    long leastAudioMillis() {
        return is.leastAudioMillis;
    }

    Dialect dialect() {
        return is.dialect;
    }

    Quirks quirks() {
        return is.quirks;
    }

    Endpoint endpoint(HttpMethod method, String path) {
        String operation = is.operation.apply(path);
        if (method.equals(HttpMethod.POST)) {
            return Paths.post(operation, is.post, is.cancels);
        }
        boolean realtime = operation.equals("realtime") && method.equals(HttpMethod.GET);
        return realtime && !is.realtime.isEmpty()
                ? Realtime.ENDPOINT
                : Paths.readOrDelete(method, operation, is.readable, Paths.OTHER);
    }

    /** Parameters of the query that may name a realtime session's model; none without them. */
    List<String> realtime() {
        return is.realtime;
    }

    Reading reading(Endpoint endpoint) {
        Reading reading = is.readings.get(endpoint.name());
        if (reading == null) {
            throw new IllegalArgumentException("nobody can read requests of " + endpoint.name());
        }
        return reading;
    }

    PeekResult peek(Endpoint endpoint, String target, byte[] body) {
        return endpoint.equals(OpenAiBatch.CREATE)
                ? OpenAiBatch.peek(this, target, body)
                : peek(endpoint, target, reading(endpoint).fields(), body);
    }

    /** A request that stands in a file, in which {@code fields} find it. */
    PeekResult peek(Endpoint endpoint, Fields<Request> fields, byte[] body) {
        return peek(endpoint, "", fields, body);
    }

    private PeekResult peek(Endpoint endpoint, String target, Fields<Request> fields, byte[] body) {
        Reading reading = reading(endpoint);
        return Request.peek(
                fields,
                body,
                reading.cap(),
                request -> {
                    String named = is.modelIn.apply(target);
                    request.model = named == null ? request.model : named;
                    request.nicknamed = is.nicknames;
                    reading.finish().accept(request);
                    if (ASKED.contains(endpoint.name()) && is.asking.test(target)) {
                        request.askForUsage();
                    }
                });
    }

    /** Says how a vendor differs; for static initialisers. */
    static final class Builder {
        private final String name;
        private final String baseUrl;
        private UnaryOperator<String> operation = Paths::operation;
        private Map<String, Endpoint> post = Map.of();
        private Set<String> readable = Set.of("models");
        private Pattern cancels = Pattern.compile("batches/[\\w-]+/cancel");
        private final Map<String, Reading> readings = new HashMap<>(OpenAiRequest.READINGS);
        private Predicate<String> asking = target -> false;
        private Function<String, @Nullable String> modelIn = target -> null;
        private List<String> realtime = List.of();
        private boolean nicknames;
        private @Nullable String keyHeader;
        private long leastAudioMillis;
        private Set<Cloud> clouds = Set.of();
        private Dialect dialect = new OpenAiDialect();
        private Quirks quirks = new Quirks((fields, at) -> fields);

        Builder(String name, String baseUrl) {
            this.name = name;
            this.baseUrl = baseUrl;
            readings.put("responses", OpenAiRequest.UNFOLLOWED);
        }

        Flavour build() {
            return new Flavour(this);
        }

        /** Finds the operation in a path. */
        Builder operation(UnaryOperator<String> finds) {
            operation = finds;
            return this;
        }

        /** What costs what; what is not here is UNPRICED. */
        Builder post(Map<String, Endpoint> endpoints) {
            post = endpoints;
            return this;
        }

        /** First segments of operations that cost nothing to read or to delete. */
        Builder readable(String... resources) {
            readable = Set.of(resources);
            return this;
        }

        Builder cancels(String regex) {
            cancels = Pattern.compile(regex);
            return this;
        }

        Builder reading(String endpoint, Reading reading) {
            readings.put(endpoint, reading);
            return this;
        }

        /**
         * Serves sessions over a WebSocket; of these parameters of the query one names the model.
         */
        Builder realtime(String... parameters) {
            realtime = List.of(parameters);
            return this;
        }

        /** Streams of chat report usage only when asked; by the request's target. */
        Builder asking(Predicate<String> target) {
            asking = target;
            return this;
        }

        /** Names of models are the account's own, and stand in the target where this finds one. */
        Builder nicknames(Function<String, @Nullable String> inTarget) {
            nicknames = true;
            modelIn = inTarget;
            return this;
        }

        Builder keyHeader(String header) {
            keyHeader = header;
            return this;
        }

        Builder leastAudio(long millis) {
            leastAudioMillis = millis;
            return this;
        }

        Builder clouds(Cloud... issuers) {
            clouds = Set.of(issuers);
            return this;
        }

        Builder dialect(Dialect words) {
            dialect = words;
            return this;
        }

        Builder quirks(Quirks answers) {
            quirks = answers;
            return this;
        }
    }
}
