package weir.key.cloud;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import weir.key.Secret;

/**
 * A service account's key, for an access token: the JWT bearer grant (RFC 7523) as Google documents
 * it under "Using OAuth 2.0 for server to server applications".
 */
record GoogleServiceAccount(Outside outside, Login.GoogleKey login) implements Issuer {
    /** Vertex AI has no narrower one; what the account may do is decided by IAM. */
    static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final long LIFE_SECONDS = 3_600;

    @Override
    public Future<Issued> issue() {
        return outside.offEventLoop(() -> assertion(outside.nowMillis() / 1_000))
                .compose(jwt ->
                        outside.post(
                                login.tokenEndpoint(),
                                Map.of("grant_type", GRANT, "assertion", jwt)))
                .map(answer -> Issued.oauth(answer, outside.nowMillis()));
    }

    private String assertion(long nowSeconds) throws GeneralSecurityException {
        JsonObject head =
                new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", login.keyId());
        JsonObject claims =
                new JsonObject()
                        .put("iss", login.email())
                        .put("scope", SCOPE)
                        .put("aud", login.tokenEndpoint().toString())
                        .put("iat", nowSeconds)
                        .put("exp", nowSeconds + LIFE_SECONDS);
        String signed = base64(bytes(head.encode())) + "." + base64(bytes(claims.encode()));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key(login.privateKey()));
        signature.update(bytes(signed));
        return signed + "." + base64(signature.sign());
    }

    /**
     * The key of a PEM text.
     *
     * @throws IllegalArgumentException if it is not an RSA key in PKCS 8
     */
    static PrivateKey key(Secret pem) {
        String text = pem.reveal().replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without its cause, which may quote the key.
            throw new IllegalArgumentException("not an RSA private key in PKCS 8");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
