package weir.key.cloud;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.key.ProofSource;

/**
 * Turns logins into sources of proofs, equal logins into the same one: what a cloud has issued
 * outlives a change of weir.yaml. Lives as long as the program; thread-safe.
 */
public final class Logins {
    /** As many as one configuration can hold; past it what nobody may use any more is forgotten. */
    private static final int MAX_SOURCES = 64 * 64;

    private final Map<Login, ProofSource> sources = new HashMap<>();
    private final Outside outside;
    private final Consumer<String> failures;

    /**
     * @param environment the value of a variable, null where it is not set
     * @param epochMillis this machine's clock
     * @param failures takes a line for the operator, without secrets, each time that a login fails
     */
    public Logins(
            Vertx vertx,
            Function<String, @Nullable String> environment,
            LongSupplier epochMillis,
            Consumer<String> failures) {
        this(new Outside(vertx, environment, epochMillis, Outside.DEADLINE_MILLIS), failures);
    }

    Logins(Outside outside, Consumer<String> failures) {
        this.outside = outside;
        this.failures = failures;
    }

    /** The login is made when the first proof is asked for, not before. */
    public synchronized ProofSource source(Login login) {
        ProofSource known = sources.get(login);
        if (known != null) {
            return known;
        }
        if (sources.size() >= MAX_SOURCES) {
            sources.clear();
        }
        ProofSource made = new Refreshed(issuer(login), outside::nowMillis, failures);
        sources.put(login, made);
        return made;
    }

    private Issuer issuer(Login login) {
        return switch (login) {
            case Login.Aws any -> new AwsChain(outside);
            case Login.AwsProfile profile -> new AwsProfile(outside, profile.name());
            case Login.Entra entra -> new EntraApplication(outside, entra);
            case Login.GoogleKey key -> new GoogleServiceAccount(outside, key);
            case Login.GoogleFederation federation -> new GoogleFederation(outside, federation);
            case Login.GoogleMetadata metadata -> new GoogleMetadata(outside);
        };
    }
}
