package weir.key.cloud;

import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Proof;

/**
 * A role for a token that somebody else has issued: a pod's service account on EKS (IRSA). The
 * service is STS's AssumeRoleWithWebIdentity, which asks for no signature.
 */
record AwsWebIdentity(Outside outside, String role, Path tokenFile, String session, URI sts)
        implements Issuer {
    private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,63}");

    /** The role that EKS has given to this pod; null where it has not. */
    static @Nullable AwsWebIdentity ofVariables(Outside outside) {
        String file = outside.variable(TOKEN_FILE);
        String role = outside.variable("AWS_ROLE_ARN");
        if (file == null) {
            return null;
        }
        if (role == null) {
            throw new ProofException(TOKEN_FILE + " is set, but AWS_ROLE_ARN is not");
        }
        return of(outside, role, Path.of(file), null);
    }

    /**
     * @param region whose STS is asked where no variable says it; null for the global one
     */
    static AwsWebIdentity of(
            Outside outside, String role, Path tokenFile, @Nullable String region) {
        String session = outside.variable("AWS_ROLE_SESSION_NAME");
        return new AwsWebIdentity(
                outside,
                role,
                tokenFile,
                Objects.requireNonNullElse(session, "weir"),
                sts(outside, region));
    }

    @Override
    public Future<Issued> issue() {
        return outside.token(tokenFile)
                .compose(token ->
                        outside.post(
                                sts,
                                Map.of(
                                        "Action", "AssumeRoleWithWebIdentity",
                                        "Version", "2011-06-15",
                                        "RoleArn", role,
                                        "RoleSessionName", session,
                                        "WebIdentityToken", token)))
                .map(AwsWebIdentity::issued);
    }

    private static Issued issued(Answer answer) {
        return new Issued(
                new Proof.AwsKeys(
                        answer.element("AccessKeyId"),
                        answer.secretElement("SecretAccessKey"),
                        answer.secretElement("SessionToken")),
                Issued.moment(answer.element("Expiration"), answer.from()));
    }

    private static URI sts(Outside outside, @Nullable String profilesRegion) {
        URI endpoint = outside.url("AWS_ENDPOINT_URL_STS");
        if (endpoint != null) {
            return endpoint;
        }
        String region = outside.variable("AWS_REGION");
        region = region == null ? outside.variable("AWS_DEFAULT_REGION") : region;
        region = region == null ? profilesRegion : region;
        if (region == null) {
            return URI.create("https://sts.amazonaws.com/");
        }
        if (!REGION.matcher(region).matches()) {
            throw new ProofException("the AWS region is not one");
        }
        String china = region.startsWith("cn-") ? ".cn" : "";
        return URI.create("https://sts." + region + ".amazonaws.com" + china + "/");
    }
}
