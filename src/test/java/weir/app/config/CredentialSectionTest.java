package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.key.Credential;
import weir.key.Proof;
import weir.key.Secret;
import weir.key.cloud.Login;
import weir.key.cloud.Login.Client;

/** What the words for a cloud's credentials become. */
final class CredentialSectionTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "AWS_SECRET", "sk-aws",
                    "ENTRA_SECRET", "sk-entra",
                    "AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555",
                    "AZURE_CLIENT_ID", "66666666-7777-8888-9999-000000000000",
                    "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/",
                    "AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/token");

    @TempDir private Path folder = Path.of("");

    @Test
    void awsFromTheSurroundingsOrAProfile() throws IOException {
        assertEquals(new Login.Aws(), login("aws: default"));
        assertEquals(new Login.AwsProfile("dev eu"), login("aws: { profile: dev eu }"));
    }

    @Test
    void awsKeysAreAtHand() throws IOException {
        Files.writeString(folder.resolve("session"), "sk-session\n");
        String pair = "access-key-id: AKIAIOSFODNN7EXAMPLE, secret-access-key: ${AWS_SECRET}";
        assertEquals(
                new Proof.AwsKeys("AKIAIOSFODNN7EXAMPLE", new Secret("sk-aws"), null),
                credential("aws: { " + pair + " }").source().proof().result());
        assertEquals(
                new Proof.AwsKeys(
                        "AKIAIOSFODNN7EXAMPLE", new Secret("sk-aws"), new Secret("sk-session")),
                credential("aws: { " + pair + ", session-token: file:session }")
                        .source()
                        .proof()
                        .result());
    }

    @Test
    void entraByASecret() throws IOException {
        assertEquals(
                new Login.Entra(
                        URI.create(
                                "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"),
                        "app",
                        new Client.Password(new Secret("sk-entra")),
                        "https://cognitiveservices.azure.com/.default"),
                login(
                        "entra: { tenant: contoso.com, client-id: app,"
                                + " client-secret: ${ENTRA_SECRET} }"));
    }

    /** The variables are those that the workload identity webhook puts into a pod. */
    @Test
    void entraByWorkloadIdentity() throws IOException {
        assertEquals(
                new Login.Entra(
                        URI.create(
                                "https://login.microsoftonline.us/"
                                        + ENVIRONMENT.get("AZURE_TENANT_ID")
                                        + "/oauth2/v2.0/token"),
                        "66666666-7777-8888-9999-000000000000",
                        new Client.Federated(Path.of("/var/run/secrets/azure/tokens/token")),
                        "https://ai.azure.com/.default"),
                login(
                        "entra: { tenant: ${AZURE_TENANT_ID}, client-id: ${AZURE_CLIENT_ID},"
                                + " token-file: ${AZURE_FEDERATED_TOKEN_FILE},"
                                + " authority: ${AZURE_AUTHORITY_HOST},"
                                + " scope: https://ai.azure.com/.default }"));
    }

    @Test
    void googleByTheMetadataServer() throws IOException {
        assertEquals(new Login.GoogleMetadata(), login("google: metadata"));
    }

    @Test
    void googleByAKeyFileThatIsWatched() throws IOException {
        String pem = pem();
        Path file = folder.resolve("key.json");
        JsonObject key =
                new JsonObject()
                        .put("type", "service_account")
                        .put("private_key_id", "1a2b")
                        .put("private_key", pem)
                        .put("client_email", "weir@p.iam.gserviceaccount.com")
                        .put("token_uri", "https://oauth2.googleapis.com/token");
        Files.writeString(file, key.encodePrettily());
        assertEquals(
                new Login.GoogleKey(
                        "weir@p.iam.gserviceaccount.com",
                        "1a2b",
                        new Secret(pem),
                        URI.create("https://oauth2.googleapis.com/token")),
                login("google: { key-file: key.json }"));
        ConfigFile.Loaded loaded = loaded("google: { key-file: key.json }");
        assertEquals(Set.of(file, folder.resolve("weir.yaml")), loaded.files().paths());
        assertFalse(loaded.toString().contains("PRIVATE"), "the key shows itself");
    }

    @Test
    void googleByFederation() throws IOException {
        JsonObject source = new JsonObject().put("file", "/var/run/token");
        JsonObject account =
                new JsonObject()
                        .put("type", "external_account")
                        .put("audience", "//iam.googleapis.com/projects/1/providers/p")
                        .put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
                        .put("token_url", "https://sts.googleapis.com/v1/token")
                        .put("credential_source", source);
        Path file = folder.resolve("account.json");
        Files.writeString(file, account.encode());
        Login.GoogleFederation plain =
                new Login.GoogleFederation(
                        "//iam.googleapis.com/projects/1/providers/p",
                        "urn:ietf:params:oauth:token-type:jwt",
                        Path.of("/var/run/token"),
                        null,
                        URI.create("https://sts.googleapis.com/v1/token"),
                        null);
        assertEquals(plain, login("google: { key-file: account.json }"));

        String impersonation = "https://iamcredentials.googleapis.com/v1/a:generateAccessToken";
        source.put(
                "format",
                new JsonObject().put("type", "json").put("subject_token_field_name", "id"));
        account.put("service_account_impersonation_url", impersonation);
        Files.writeString(file, account.encode());
        assertEquals(
                new Login.GoogleFederation(
                        plain.audience(),
                        plain.tokenType(),
                        plain.tokenFile(),
                        "id",
                        plain.tokenEndpoint(),
                        URI.create(impersonation)),
                login("google: { key-file: account.json }"));
    }

    /** Executables and URLs, which an external account may name too, are not followed. */
    @Test
    void otherFilesAreRefused() throws IOException {
        for (String type : List.of("service_account", "external_account", "other", "")) {
            Files.writeString(
                    folder.resolve("a.json"), new JsonObject().put("type", type).encode());
            List<String> lines =
                    Fixtures.lines(Fixtures.read(folder, yaml("google: { key-file: a.json }")));
            assertEquals(1, lines.size(), lines::toString);
            assertTrue(lines.getFirst().contains("credentials[0].google.key-file"));
        }
    }

    private Login login(String words) throws IOException {
        return assertInstanceOf(Fixtures.Undone.class, credential(words).source()).login();
    }

    private Credential credential(String words) throws IOException {
        return Objects.requireNonNull(loaded(words).rules().upstreams().get("any"))
                .credentials()
                .getFirst();
    }

    private ConfigFile.Loaded loaded(String words) throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yaml"), yaml(words));
        ConfigFile.Result result =
                ConfigFile.read(file, ENVIRONMENT::get, FakeVendor.TYPES, Fixtures.Undone::new);
        return assertInstanceOf(
                ConfigFile.Loaded.class, result, () -> Fixtures.lines(result).toString());
    }

    private static String yaml(String words) {
        return "providers:\n  any:\n    credentials:\n    - name: a\n      " + words + "\n";
    }

    private static String pem() {
        try {
            byte[] key =
                    KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
