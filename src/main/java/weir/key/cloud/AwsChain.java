package weir.key.cloud;

import io.vertx.core.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;
import weir.key.Secret;

/**
 * AWS keys from wherever the surroundings offer them, in the order of AWS's SDKs: variables, a web
 * identity token (IRSA), the shared files, a container's endpoint (ECS, EKS Pod Identity). The
 * first place that is there at all decides: where it fails, none of the later ones is asked.
 */
record AwsChain(Outside outside) implements Issuer {
    private static final String NOWHERE =
            "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set, nor"
                    + " AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_FULL_URI or"
                    + " AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and the shared files have none for"
                    + " profile ";

    @Override
    public Future<Issued> issue() {
        Issued variables = variables();
        if (variables != null) {
            return Future.succeededFuture(variables);
        }
        AwsWebIdentity pod = AwsWebIdentity.ofVariables(outside);
        if (pod != null) {
            return pod.issue();
        }
        String profile = Objects.requireNonNullElse(outside.variable("AWS_PROFILE"), "default");
        return new AwsProfile(outside, profile)
                .find()
                .compose(found -> found.isPresent() ? found.get().issue() : container(profile));
    }

    private @Nullable Issued variables() {
        String id = outside.variable("AWS_ACCESS_KEY_ID");
        String secret = outside.variable("AWS_SECRET_ACCESS_KEY");
        String token = outside.variable("AWS_SESSION_TOKEN");
        return id == null || secret == null
                ? null
                : new Issued(
                        new Proof.AwsKeys(
                                id, new Secret(secret), token == null ? null : new Secret(token)),
                        Issued.NEVER);
    }

    private Future<Issued> container(String profile) {
        AwsContainer container = AwsContainer.ofVariables(outside);
        return container == null
                ? Future.failedFuture(new ProofException(NOWHERE + profile))
                : container.issue();
    }
}
