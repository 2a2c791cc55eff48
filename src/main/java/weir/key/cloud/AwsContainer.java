package weir.key.cloud;

import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * The endpoint beside a container that gives out its role's keys: ECS, and EKS Pod Identity. What
 * it wants to see is read anew each time, since its file is rotated.
 *
 * @param tokenFile what to send as {@code authorization}; null for {@code token}
 * @param token likewise; null to send nothing
 */
record AwsContainer(Outside outside, URI endpoint, @Nullable Path tokenFile, @Nullable String token)
        implements Issuer {
    private static final String ECS = "169.254.170.2";
    private static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    /** Where keys may be had without TLS, because nobody stands between. */
    private static final Set<String> NEAR =
            Set.of(ECS, "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]");

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    /** The endpoint that this container is told of; null where it is told of none. */
    static @Nullable AwsContainer ofVariables(Outside outside) {
        URI endpoint = endpoint(outside);
        String file = outside.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        return endpoint == null
                ? null
                : new AwsContainer(
                        outside,
                        endpoint,
                        file == null ? null : Path.of(file),
                        outside.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    }

    static @Nullable URI endpoint(Outside outside) {
        String relative = outside.variable(RELATIVE);
        if (relative != null) {
            return Outside.url("http://" + ECS + relative, RELATIVE);
        }
        URI uri = outside.url(FULL);
        if (uri == null) {
            return null;
        }
        String host = uri.getHost();
        boolean near = NEAR.contains(host) || LOOPBACK.matcher(host).matches();
        if (!near && !"https".equals(uri.getScheme())) {
            throw new ProofException(FULL + " is neither https nor on this machine");
        }
        return uri;
    }

    @Override
    public Future<Issued> issue() {
        return shown().compose(headers -> outside.get(endpoint, headers)).map(AwsContainer::issued);
    }

    private Future<Map<String, String>> shown() {
        if (tokenFile != null) {
            return outside.token(tokenFile).map(text -> Map.of("authorization", text));
        }
        return Future.succeededFuture(token == null ? Map.of() : Map.of("authorization", token));
    }

    private static Issued issued(Answer answer) {
        Answer.Json json = answer.json();
        return new Issued(
                new Proof.AwsKeys(
                        json.text("AccessKeyId"),
                        json.secret("SecretAccessKey"),
                        json.secret("Token")),
                Issued.moment(json.text("Expiration"), answer.from()));
    }
}
