package weir.app.config;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.key.ProofSource;
import weir.key.Secret;
import weir.key.cloud.Login;

/** {@code aws:} what the surroundings offer, one profile of the shared files, or a key pair. */
final class AwsFields {
    private static final String ALLOWED =
            "default, or a map of profile, or of access-key-id and secret-access-key";
    private static final List<String> KEYS =
            List.of("profile", "access-key-id", "secret-access-key", "session-token");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{16,128}");
    private static final Pattern NAME = Pattern.compile("[ -Z\\\\^-~]{1,128}");

    private static final Scalar<String> TEXT = new Scalar<>("an access key id", text -> text);

    private static final Scalar<String> PROFILE =
            new Scalar<>(
                    "a profile's name, 1 to 128 ASCII characters without [ and ]",
                    text -> NAME.matcher(text).matches() ? text : null);

    private static final Scalar<Login> DEFAULT =
            new Scalar<>(ALLOWED, text -> text.equals("default") ? new Login.Aws() : null);

    private AwsFields() {}

    static @Nullable ProofSource read(Value value, Function<Login, ProofSource> logins) {
        if (!value.isMap()) {
            Login login = value.parse(DEFAULT);
            return login == null ? null : logins.apply(login);
        }
        Fields fields = value.fields(KEYS);
        if (fields == null) {
            return null;
        }
        if (!fields.has("profile")) {
            return keys(fields);
        }
        if (fields.has("access-key-id") || fields.has("secret-access-key")) {
            value.error("a profile and a key", ALLOWED);
            return null;
        }
        String profile = fields.require("profile", PROFILE);
        return profile == null ? null : logins.apply(new Login.AwsProfile(profile));
    }

    private static @Nullable ProofSource keys(Fields fields) {
        String id = keyId(fields.require("access-key-id", TEXT.allowed()));
        Value place = fields.require("secret-access-key", "${VAR} or file:/path");
        Secret secret = place == null ? null : Secrets.read(place);
        Value token = fields.find("session-token");
        Secret session = token == null ? null : Secrets.read(token);
        if (id == null || secret == null) {
            return null;
        }
        Future<Proof> keys = Future.succeededFuture(new Proof.AwsKeys(id, secret, session));
        return () -> keys;
    }

    /** Who mixes up the two halves of a pair should not read the secret one in a log. */
    private static @Nullable String keyId(@Nullable Value value) {
        String id = value == null ? null : value.parse(TEXT);
        if (value == null || id == null || ID.matcher(id).matches()) {
            return id;
        }
        value.error("what is no such id", "an access key id, 16 to 128 letters and digits");
        return null;
    }
}
