package weir.app.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.key.ProofSource;
import weir.key.Secret;
import weir.key.cloud.Login;
import weir.provider.Cloud;

/**
 * {@code credentials:} of a provider. Each has a name and one of {@code secret} (a key as it is),
 * {@code aws}, {@code entra} and {@code google} (keys and tokens that a cloud issues), of which
 * each vendor takes its own. Whose server is not the vendor's may want anybody's tokens.
 */
final class CredentialSection {
    static final String ALLOWED =
            "a list of { name, secret }, with aws, entra or google in the place of secret";

    private static final int MAX_CREDENTIALS = 64;
    private static final List<String> KINDS = List.of("secret", "aws", "entra", "google");
    private static final List<String> KEYS = List.of("name", "secret", "aws", "entra", "google");

    private final Function<Login, ProofSource> logins;

    CredentialSection(Function<Login, ProofSource> logins) {
        this.logins = logins;
    }

    /**
     * Reads the list.
     *
     * @param taken whose proofs the provider takes beside secrets
     */
    List<Credential> read(Value list, Set<Cloud> taken) {
        List<Value> items = list.items(ALLOWED);
        if (items == null) {
            return List.of();
        }
        if (items.isEmpty() || items.size() > MAX_CREDENTIALS) {
            list.error(items.size() + " credentials", "1 to " + MAX_CREDENTIALS);
            return List.of();
        }
        List<Credential> credentials = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Value item : items) {
            Credential credential = credential(item, taken);
            if (credential != null && !names.add(credential.name())) {
                item.error("the name of an earlier one", "each name once");
            }
            if (credential != null) {
                credentials.add(credential);
            }
        }
        return credentials;
    }

    private @Nullable Credential credential(Value item, Set<Cloud> taken) {
        Fields fields = item.fields(KEYS);
        if (fields == null) {
            return null;
        }
        String name = fields.require("name", Scalars.NAMED);
        List<String> kinds = KINDS.stream().filter(fields::has).toList();
        if (kinds.size() > 1) {
            item.error(String.join(" and ", kinds), "one of " + String.join(", ", KINDS));
            return null;
        }
        for (Cloud cloud : Cloud.values()) {
            Value login = fields.find(cloud.word());
            if (login != null && !taken.contains(cloud)) {
                login.error("a login that this provider does not take", allowed(taken));
                return null;
            }
        }
        ProofSource source = source(fields);
        return name == null || source == null ? null : new Credential(name, source);
    }

    private static String allowed(Set<Cloud> taken) {
        return Stream.of(Cloud.values())
                .filter(taken::contains)
                .map(cloud -> " or " + cloud.word())
                .collect(Collectors.joining("", "secret", ""));
    }

    private @Nullable ProofSource source(Fields fields) {
        Value aws = fields.find("aws");
        if (aws != null) {
            return AwsFields.read(aws, logins);
        }
        Value entra = fields.find("entra");
        Value google = fields.find("google");
        if (entra != null || google != null) {
            Login login = entra == null ? GoogleFields.read(google) : EntraFields.read(entra);
            return login == null ? null : logins.apply(login);
        }
        Value place = fields.require("secret", "${VAR} or file:/path");
        Secret secret = place == null ? null : Secrets.read(place);
        return secret == null ? null : ProofSource.of(secret);
    }
}
