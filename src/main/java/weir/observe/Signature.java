package weir.observe;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import weir.key.Secret;

/**
 * Signs as Standard Webhooks says (https://www.standardwebhooks.com, "Symmetric"): {@code
 * v1,base64(HMAC-SHA256(secret, id.timestamp.body))}.
 */
public final class Signature {
    /** In front of a secret that is written in base64; others are taken as they are. */
    private static final String BASE64_PREFIX = "whsec_";

    private Signature() {}

    /** Whether a secret can sign: at least 24 bytes, and base64 after {@code whsec_}. */
    public static boolean canSign(Secret secret) {
        try {
            return key(secret).length >= 24;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    static String of(Secret secret, String id, long timestampSeconds, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            String signed = id + "." + timestampSeconds + "." + body;
            byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] key(Secret secret) {
        String text = secret.reveal();
        return text.startsWith(BASE64_PREFIX)
                ? Base64.getDecoder().decode(text.substring(BASE64_PREFIX.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }
}
