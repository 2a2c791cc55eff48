package weir.app.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;
import weir.key.cloud.Login;

/** {@code entra:} an application of Microsoft Entra ID. */
final class EntraFields {
    private static final List<String> KEYS =
            List.of("tenant", "client-id", "client-secret", "token-file", "scope", "authority");
    private static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");

    /** Of Azure OpenAI's resources; those of AI Foundry take it as well as their own. */
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,254}");
    private static final Scalar<String> TENANT =
            new Scalar<>(
                    "a tenant's id or domain", text -> NAME.matcher(text).matches() ? text : null);
    private static final Scalar<String> CLIENT =
            new Scalar<>(
                    "an application's (client) id",
                    text -> NAME.matcher(text).matches() ? text : null);

    private EntraFields() {}

    static @Nullable Login read(Value value) {
        Fields fields = value.fields(KEYS);
        if (fields == null) {
            return null;
        }
        String tenant = fields.require("tenant", TENANT);
        String id = fields.require("client-id", CLIENT);
        Login.Client client = client(fields);
        String scope = fields.get("scope", Scalars.LABEL, SCOPE);
        URI authority = fields.get("authority", Scalars.BASE_URL, AUTHORITY);
        if (tenant == null || id == null || client == null) {
            return null;
        }
        URI endpoint = URI.create(authority + "/" + tenant + "/oauth2/v2.0/token");
        return new Login.Entra(endpoint, id, client, scope);
    }

    private static Login.@Nullable Client client(Fields fields) {
        if (fields.has("client-secret") == fields.has("token-file")) {
            fields.map()
                    .error(
                            fields.has("token-file") ? "both" : "neither",
                            "client-secret or token-file");
            return null;
        }
        Value place = fields.find("client-secret");
        if (place != null) {
            Secret secret = Secrets.read(place);
            return secret == null ? null : new Login.Client.Password(secret);
        }
        Value file = fields.find("token-file");
        // Rotated every hour or so: read by each login, and not watched.
        Path path = file == null ? null : file.parse(tokenFile(file.source()));
        return path == null ? null : new Login.Client.Federated(path);
    }

    private static Scalar<Path> tokenFile(Source source) {
        return new Scalar<>("the path of a file with a token", source::resolve);
    }
}
