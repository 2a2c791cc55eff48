package weir.app.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;
import weir.key.cloud.Login;

/** {@code google:} the metadata server, or a file of credentials as Google gives it out. */
final class GoogleFields {
    /** A key file has some 2.4 KB. */
    private static final int MAX_BYTES = 64 << 10;

    private static final String ALLOWED = "metadata, or a map of key-file";
    private static final String CONTENT =
            "a JSON file of type service_account with a private key, or of type external_account"
                    + " whose credential_source is a file";
    private static final Scalar<Login> METADATA =
            new Scalar<>(
                    ALLOWED, text -> text.equals("metadata") ? new Login.GoogleMetadata() : null);

    private GoogleFields() {}

    static @Nullable Login read(@Nullable Value value) {
        if (value == null || !value.isMap()) {
            return value == null ? null : value.parse(METADATA);
        }
        Fields fields = value.fields(List.of("key-file"));
        Value file = fields == null ? null : fields.require("key-file", "the path of a JSON file");
        Path path =
                file == null
                        ? null
                        : file.parse(
                                new Scalar<>("the path of a JSON file", file.source()::resolve));
        if (file == null || path == null) {
            return null;
        }
        Login login = login(file.source(), path);
        if (login == null) {
            file.error(file.shown(), CONTENT);
        }
        return login;
    }

    /** Null for a file that cannot be read or used; nothing is said of what is in it. */
    private static @Nullable Login login(Source source, Path path) {
        try {
            byte[] bytes = source.read(path, MAX_BYTES);
            if (bytes == null) {
                return null;
            }
            JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
            return switch (text(json, "type")) {
                case "service_account" -> serviceAccount(json);
                case "external_account" -> federation(json, source);
                default -> null;
            };
        } catch (IOException | DecodeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Login serviceAccount(JsonObject json) {
        return new Login.GoogleKey(
                text(json, "client_email"),
                text(json, "private_key_id"),
                new Secret(text(json, "private_key")),
                uri(text(json, "token_uri")));
    }

    private static Login federation(JsonObject json, Source source) {
        JsonObject from = object(json, "credential_source");
        Path tokenFile = source.resolve(text(from, "file"));
        if (tokenFile == null) {
            throw new IllegalArgumentException("a file that cannot be one");
        }
        boolean isJson =
                from.containsKey("format") && "json".equals(text(object(from, "format"), "type"));
        return new Login.GoogleFederation(
                text(json, "audience"),
                text(json, "subject_token_type"),
                tokenFile,
                isJson ? text(object(from, "format"), "subject_token_field_name") : null,
                uri(text(json, "token_url")),
                json.containsKey("service_account_impersonation_url")
                        ? uri(text(json, "service_account_impersonation_url"))
                        : null);
    }

    private static String text(JsonObject json, String name) {
        if (json.getValue(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new IllegalArgumentException("no " + name);
    }

    private static JsonObject object(JsonObject json, String name) {
        if (json.getValue(name) instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("no " + name);
    }

    private static URI uri(String text) {
        URI uri = Scalars.BASE_URL.reader().read(text);
        if (uri == null) {
            throw new IllegalArgumentException("no URL");
        }
        return uri;
    }
}
