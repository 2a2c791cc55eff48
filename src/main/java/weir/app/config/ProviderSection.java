package weir.app.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.key.ProofSource;
import weir.key.cloud.Login;
import weir.provider.Cloud;
import weir.provider.Provider;
import weir.proxy.Upstream;
import weir.proxy.Upstream.Timeouts;

/**
 * {@code providers:} the upstreams. Only what is named here exists: a call to any other provider
 * has no route, also where Weir knows its vendor. A name that is a vendor's needs no {@code type}.
 *
 * <p>Credentials may be left out only where {@code base-url} is given, for a server that needs
 * none.
 */
final class ProviderSection {
    /** Many times the vendors that exist; each upstream has its own pools and metric labels. */
    static final int MAX_PROVIDERS = 64;

    /** More deployments than one account may have. */
    private static final int MAX_MODELS = 1_000;

    private static final List<String> KEYS =
            List.of(
                    "type",
                    "base-url",
                    "credentials",
                    "prices",
                    "models",
                    "on-disconnect",
                    "account-calls",
                    "timeouts",
                    "http",
                    "tls");
    private static final List<String> TIMEOUTS = List.of("connect", "first-byte", "idle", "total");
    private static final Scalar<Boolean> FREE = Scalar.words(Map.of("free", true));
    private static final Scalar<Boolean> HTTP2 =
            new Scalar<>("1.1 or 2", Map.of("1.1", false, "2", true)::get);
    private static final Scalar<Boolean> DRAIN =
            new Scalar<>("drain or cancel", Map.of("drain", true, "cancel", false)::get);

    private static final Scalar<Boolean> ALLOWED =
            new Scalar<>("allow or deny", Map.of("allow", true, "deny", false)::get);

    private final Map<String, Provider> types;
    private final Scalar<Provider> type;
    private final CredentialSection credentials;

    ProviderSection(Map<String, Provider> types, Function<Login, ProofSource> logins) {
        this.types = types;
        this.credentials = new CredentialSection(logins);
        this.type =
                new Scalar<>(
                        "one of " + String.join(", ", new TreeSet<>(types.keySet())), types::get);
    }

    Map<String, Upstream> read(Value section) {
        Map<String, Value> entries = section.entries("a map of providers by name");
        if (entries == null) {
            return Map.of();
        }
        if (entries.isEmpty() || entries.size() > MAX_PROVIDERS) {
            section.error(entries.size() + " providers", "1 to " + MAX_PROVIDERS);
        }
        Map<String, Upstream> upstreams = new LinkedHashMap<>();
        entries.entrySet().stream()
                .limit(MAX_PROVIDERS)
                .forEach(entry -> {
                    Upstream upstream = upstream(entry.getKey(), entry.getValue());
                    if (upstream != null) {
                        upstreams.put(entry.getKey(), upstream);
                    }
                });
        return upstreams;
    }

    private @Nullable Upstream upstream(String name, Value value) {
        if (Scalars.PROVIDER_NAME.reader().read(name) == null) {
            value.error("a name that cannot stand in a URL", Scalars.PROVIDER_NAME.allowed());
        }
        Fields fields = value.fields(KEYS);
        if (fields == null) {
            return null;
        }
        Provider provider = provider(name, fields);
        URI baseUrl = provider == null ? null : baseUrl(fields, provider);
        List<Credential> shown = credentials(fields, provider);
        Timeouts timeouts = timeouts(fields.find("timeouts"));
        Path ca = Certificates.ca(fields.find("tls"));
        boolean http2 = fields.get("http", HTTP2, false);
        boolean free = fields.get("prices", FREE, false);
        boolean bills = provider != null && provider.billsUnread();
        boolean drain = fields.get("on-disconnect", DRAIN, bills);
        boolean account = fields.get("account-calls", ALLOWED, false);
        Map<String, String> models = models(fields.find("models"));
        if (provider == null || baseUrl == null) {
            return null;
        }
        if ("http".equals(baseUrl.getScheme()) && (http2 || ca != null)) {
            value.error("http 2 or tls over plain http", "these with an https base-url");
        }
        return new Upstream(
                name, provider, baseUrl, shown, timeouts, http2, ca, models, free, drain, account);
    }

    /** What deployments, agents and aliases are elsewhere. */
    private static Map<String, String> models(@Nullable Value value) {
        Map<String, Value> entries =
                value == null ? null : value.entries("a map of names here to names of models");
        if (value == null || entries == null) {
            return Map.of();
        }
        if (entries.size() > MAX_MODELS) {
            value.error(entries.size() + " models", "at most " + MAX_MODELS);
        }
        Map<String, String> models = new LinkedHashMap<>();
        entries.forEach((name, model) -> {
            String text = model.parse(Scalars.LABEL);
            if (text != null) {
                models.put(name, text);
            }
        });
        return models;
    }

    private @Nullable Provider provider(String name, Fields fields) {
        Provider builtIn = types.get(name);
        if (builtIn == null) {
            return fields.require("type", type);
        }
        Value value = fields.find("type");
        Provider given = value == null ? builtIn : value.parse(type);
        if (value != null && given != null && !given.name().equals(name)) {
            // An "openai" that speaks another vendor's API would mislead every limit and metric.
            value.error(value.shown(), name + ", or another name for this provider");
        }
        return builtIn;
    }

    private static @Nullable URI baseUrl(Fields fields, Provider provider) {
        if (fields.has("base-url") || provider.defaultBaseUrl().isEmpty()) {
            return fields.require("base-url", Scalars.BASE_URL);
        }
        return URI.create(provider.defaultBaseUrl());
    }

    private List<Credential> credentials(Fields fields, @Nullable Provider provider) {
        Value list = fields.find("credentials");
        if (list != null) {
            return credentials.read(list, clouds(fields, provider));
        }
        if (!fields.has("base-url")) {
            fields.missing("credentials", CredentialSection.ALLOWED);
        }
        return List.of();
    }

    /**
     * A server that speaks the API of a vendor without a cloud, and is not that vendor's, may stand
     * behind any login that gives a token.
     */
    private static Set<Cloud> clouds(Fields fields, @Nullable Provider provider) {
        if (provider == null) {
            return Set.of(Cloud.values());
        }
        boolean own = fields.has("base-url") && provider.clouds().isEmpty();
        return own ? Set.of(Cloud.ENTRA, Cloud.GOOGLE) : provider.clouds();
    }

    private static Timeouts timeouts(@Nullable Value value) {
        Fields fields = value == null ? null : value.fields(TIMEOUTS);
        Timeouts standard = Timeouts.DEFAULT;
        if (fields == null) {
            return standard;
        }
        return new Timeouts(
                fields.get("connect", Scalars.DURATION_MILLIS, standard.connectMillis()),
                fields.get("first-byte", Scalars.DURATION_MILLIS, standard.firstByteMillis()),
                fields.get("idle", Scalars.DURATION_MILLIS, standard.idleMillis()),
                fields.get("total", Scalars.DURATION_MILLIS, standard.totalMillis()));
    }
}
