package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.key.ProofSource;
import weir.key.Secret;

/** Google's three ways to an access token. */
final class GoogleTest extends CloudBench {
    private static final String EMAIL = "weir@p.iam.gserviceaccount.com";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String METADATA =
            "/computeMetadata/v1/instance/service-accounts/default/token";
    private static final KeyPair KEYS = keys();

    private ProofSource serviceAccount() {
        return logins.source(new Login.GoogleKey(EMAIL, "1a2b", pem(KEYS), server.at("/token")));
    }

    @Test
    void aKeyBecomesATokenByASignedClaim() throws GeneralSecurityException {
        server.answers(200, token("ya29.s3cr3t"));
        assertEquals("ya29.s3cr3t", token(serviceAccount()));
        Map<String, String> form = server.last().form();
        assertEquals("urn:ietf:params:oauth:grant-type:jwt-bearer", form.get("grant_type"));
        String[] parts = String.valueOf(form.get("assertion")).split("\\.", -1);
        assertEquals(
                new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", "1a2b"),
                json(parts[0]));
        assertEquals(
                new JsonObject()
                        .put("iss", EMAIL)
                        .put("scope", SCOPE)
                        .put("aud", server.at("/token").toString())
                        .put("iat", NOW / 1_000)
                        .put("exp", NOW / 1_000 + 3_600),
                json(parts[1]));
        Signature check = Signature.getInstance("SHA256withRSA");
        check.initVerify(KEYS.getPublic());
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertTrue(check.verify(Base64.getUrlDecoder().decode(parts[2])));
    }

    @Test
    void aRefusedClaimIsNamed() {
        server.answers(
                400,
                "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
        assertEquals(
                "http://SERVER/token: answered 400 (invalid_grant)", refusal(serviceAccount()));
    }

    @Test
    void aKeyThatIsNoneIsNotTaken() {
        for (String bad : new String[] {"", "s3cr3t", "-----BEGIN PRIVATE KEY-----\nczNjcjN0"}) {
            IllegalArgumentException refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    new Login.GoogleKey(
                                            EMAIL, "1", new Secret(bad), URI.create("http://a")));
            assertFalse(String.valueOf(refused.getMessage()).contains("s3cr3t"));
        }
    }

    @Test
    void theMetadataServerGivesATokenToWhoAsksByItsHeader() {
        environment.put("GCE_METADATA_HOST", server.authority());
        server.answers((asked, response) -> {
            boolean right = "Google".equals(asked.header("Metadata-Flavor"));
            flavoured(response.setStatusCode(right ? 200 : 403)).end(token("ya29.s3cr3t.m"));
        });
        assertEquals("ya29.s3cr3t.m", token(logins.source(new Login.GoogleMetadata())));
        assertEquals("GET " + METADATA, server.last().method() + " " + server.last().path());
    }

    @Test
    void somebodyElseIsNotTakenForTheMetadataServer() {
        environment.put("GCE_METADATA_HOST", server.authority());
        ProofSource source = logins.source(new Login.GoogleMetadata());
        server.answers(200, token("ya29.s3cr3t"));
        assertEquals(
                "http://SERVER" + METADATA + ": answered, but is not Google's metadata server",
                refusal(source));
        server.answers((asked, response) -> flavoured(response.setStatusCode(404)).end("none"));
        now.addAndGet(30_000);
        assertEquals("http://SERVER" + METADATA + ": answered 404", refusal(source));
    }

    @Test
    void aForeignTokenIsExchanged() {
        Path file = file("subject", "eyJ0.s3cr3t.subject\n");
        server.answers(200, token("s3cr3t.federated"));
        assertEquals("s3cr3t.federated", token(federation(file, null, null)));
        assertEquals("POST /v1/token", server.last().method() + " " + server.last().path());
        assertEquals(
                Map.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                        "requested_token_type", "urn:ietf:params:oauth:token-type:access_token",
                        "audience", "//iam.googleapis.com/projects/1/p",
                        "scope", SCOPE,
                        "subject_token_type", "urn:ietf:params:oauth:token-type:jwt",
                        "subject_token", "eyJ0.s3cr3t.subject"),
                server.last().form());
    }

    @Test
    void aServiceAccountIsImpersonated() {
        Path file = file("subject.json", "{\"id_token\":\"eyJ0.s3cr3t.json\"}");
        String expiry = Instant.ofEpochMilli(NOW).plusSeconds(3_600).toString();
        server.answers((asked, response) -> {
            if (asked.path().equals("/v1/token")) {
                response.end(token("s3cr3t.federated"));
            } else {
                response.end(
                        "{\"accessToken\":\"ya29.s3cr3t.sa\",\"expireTime\":\"" + expiry + "\"}");
            }
        });
        ProofSource source = federation(file, "id_token", server.at("/sa:generateAccessToken"));
        assertEquals("ya29.s3cr3t.sa", token(source));
        assertEquals("eyJ0.s3cr3t.json", server.asked().getFirst().form().get("subject_token"));
        assertEquals("/sa:generateAccessToken", server.last().path());
        assertEquals("Bearer s3cr3t.federated", server.last().header("authorization"));
        assertEquals("{\"scope\":[\"" + SCOPE + "\"]}", server.last().body());
    }

    @Test
    void aRefusedImpersonationIsNamed() {
        Path file = file("subject", "eyJ0.s3cr3t.subject");
        server.answers((asked, response) -> {
            if (asked.path().equals("/v1/token")) {
                response.end(token("s3cr3t.federated"));
            } else {
                response.setStatusCode(403)
                        .end("{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}");
            }
        });
        assertEquals(
                "http://SERVER/sa: answered 403 (PERMISSION_DENIED)",
                refusal(federation(file, null, server.at("/sa"))));
    }

    @Test
    void aFileWithoutItsTokenIsNamed() {
        for (String text : new String[] {"s3cr3t", "{}", "{\"id_token\":7}"}) {
            Path file = file("subject.json", text);
            now.addAndGet(30_000);
            assertEquals(
                    "FOLDER/subject.json holds no token in id_token",
                    refusal(federation(file, "id_token", null)));
        }
    }

    private ProofSource federation(Path file, @Nullable String field, @Nullable URI impersonation) {
        return logins.source(
                new Login.GoogleFederation(
                        "//iam.googleapis.com/projects/1/p",
                        "urn:ietf:params:oauth:token-type:jwt",
                        file,
                        field,
                        server.at("/v1/token"),
                        impersonation));
    }

    private static HttpServerResponse flavoured(HttpServerResponse response) {
        return response.putHeader("Metadata-Flavor", "Google");
    }

    private static String token(String token) {
        return "{\"access_token\":\"" + token + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}";
    }

    private static JsonObject json(String base64) {
        return new JsonObject(
                new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
    }

    private static Secret pem(KeyPair keys) {
        return new Secret(
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
