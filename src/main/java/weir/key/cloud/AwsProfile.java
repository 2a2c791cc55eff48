package weir.key.cloud;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.key.Secret;

/**
 * One profile of AWS's shared files, {@code ~/.aws/credentials} and {@code ~/.aws/config}: keys, or
 * a role for a web identity token. The files are read anew now and then, since tools write
 * temporary keys into them.
 */
record AwsProfile(Outside outside, String name) implements Issuer {
    private static final long REREAD_MILLIS = 300_000;

    /** What leads to keys by ways that are for people and their laptops. */
    private static final List<String> NOT_FOLLOWED =
            List.of(
                    "source_profile",
                    "credential_source",
                    "credential_process",
                    "sso_session",
                    "sso_start_url",
                    "login_session");

    @Override
    public Future<Issued> issue() {
        return find().compose(found ->
                found.orElseThrow(() ->
                                new ProofException(
                                        "AWS's shared files have no keys for profile " + name))
                        .issue());
    }

    /** What gives the profile's keys; empty where the files have none. */
    Future<Optional<Issuer>> find() {
        Future<Optional<String>> keys = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Future<Optional<String>> config = file("AWS_CONFIG_FILE", "config");
        return Future.all(keys, config)
                .map(read -> {
                    Map<String, String> profile = new HashMap<>();
                    String section = name.equals("default") ? name : "profile " + name;
                    profile.putAll(section(config.result().orElse(""), section));
                    profile.putAll(section(keys.result().orElse(""), name));
                    return Optional.ofNullable(issuer(profile));
                });
    }

    private Future<Optional<String>> file(String variable, String standard) {
        String named = outside.variable(variable);
        String home = Objects.requireNonNullElse(outside.variable("HOME"), "/");
        return outside.fileIfAny(named == null ? Path.of(home, ".aws", standard) : Path.of(named));
    }

    private @Nullable Issuer issuer(Map<String, String> profile) {
        String id = profile.get("aws_access_key_id");
        String secret = profile.get("aws_secret_access_key");
        String token = profile.get("aws_session_token");
        if (id != null && secret != null) {
            Proof keys =
                    new Proof.AwsKeys(
                            id, new Secret(secret), token == null ? null : new Secret(token));
            return () ->
                    Future.succeededFuture(new Issued(keys, outside.nowMillis() + REREAD_MILLIS));
        }
        String role = profile.get("role_arn");
        String file = profile.get("web_identity_token_file");
        if (role != null && file != null) {
            return AwsWebIdentity.of(outside, role, Path.of(file), profile.get("region"));
        }
        for (String key : NOT_FOLLOWED) {
            if (profile.containsKey(key)) {
                throw new ProofException(
                        "AWS profile " + name + " has " + key + ", which Weir does not follow");
            }
        }
        return null;
    }

    /** One section's keys in lower case; what is indented belongs to a key that is not for us. */
    static Map<String, String> section(String text, String section) {
        Map<String, String> found = new HashMap<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            String plain = line.strip();
            int equals = plain.indexOf('=');
            if (plain.startsWith("[")) {
                int close = plain.indexOf(']');
                inside = close > 0 && plain.substring(1, close).strip().equals(section);
            } else if (inside
                    && equals > 0
                    && !Character.isWhitespace(line.charAt(0))
                    && !plain.startsWith("#")
                    && !plain.startsWith(";")) {
                found.put(
                        plain.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        plain.substring(equals + 1).strip());
            }
        }
        return found;
    }
}
