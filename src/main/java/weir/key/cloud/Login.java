package weir.key.cloud;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;

/** How somebody proves to a cloud who it is, as weir.yaml says it: no step has been taken yet. */
public sealed interface Login {
    /** Whatever AWS keys the surroundings offer, in the order of AWS's own SDKs. */
    record Aws() implements Login {}

    /** The keys or the role of one profile in AWS's shared files. */
    record AwsProfile(String name) implements Login {}

    /**
     * An application of Microsoft Entra ID, by client credentials.
     *
     * @param tokenEndpoint the tenant's {@code /oauth2/v2.0/token}
     * @param scope a resource and {@code /.default}
     */
    record Entra(URI tokenEndpoint, String clientId, Client client, String scope)
            implements Login {}

    /** What an application of Entra ID shows for itself. */
    sealed interface Client {
        record Password(Secret secret) implements Client {}

        /** A token of somebody whom the application trusts, which is rotated in its file. */
        record Federated(Path tokenFile) implements Client {}
    }

    /**
     * A service account's key, as in its JSON file.
     *
     * @param privateKey PKCS 8 in PEM
     */
    record GoogleKey(String email, String keyId, Secret privateKey, URI tokenEndpoint)
            implements Login {
        /**
         * @throws IllegalArgumentException if the private key cannot be used
         */
        public GoogleKey {
            Object unused = GoogleServiceAccount.key(privateKey);
        }
    }

    /**
     * Workload identity federation with a token in a file.
     *
     * @param audience the workload identity provider's full name
     * @param tokenType of the file's token, a URN
     * @param tokenField the member that holds it where the file is JSON; null where it is the token
     * @param impersonation where a service account's token is had for it; null where it is used
     *     itself
     */
    record GoogleFederation(
            String audience,
            String tokenType,
            Path tokenFile,
            @Nullable String tokenField,
            URI tokenEndpoint,
            @Nullable URI impersonation)
            implements Login {}

    /** The service account that Google's metadata server knows this machine or pod by. */
    record GoogleMetadata() implements Login {}
}
