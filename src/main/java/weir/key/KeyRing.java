package weir.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual keys, found by the hash of what a caller sent. Looking up a hash tells an attacker
 * who measures time about the hash at most, never about the key; the last comparison takes constant
 * time all the same.
 */
public final class KeyRing {
    /** To look up a provider of it costs as much as the hash; it is as new after each. */
    private static final ThreadLocal<MessageDigest> SHA256 =
            ThreadLocal.withInitial(KeyRing::newSha256);

    private final Map<ByteBuffer, Issued> bySha256 = new HashMap<>();
    private final @Nullable Caller withoutKey;

    /**
     * Holds these keys.
     *
     * @param withoutKey who a call without a virtual key is; null to demand a key
     */
    public KeyRing(Collection<VirtualKey> keys, @Nullable Caller withoutKey) {
        for (VirtualKey key : keys) {
            byte[] sha256 = HexFormat.of().parseHex(key.sha256());
            if (bySha256.put(ByteBuffer.wrap(sha256), new Issued(sha256, key)) != null) {
                throw new IllegalStateException("two keys with one hash: " + key.caller().key());
            }
        }
        this.withoutKey = withoutKey;
    }

    /** A key, and its hash in bytes. */
    private static final class Issued {
        private final byte[] sha256;
        private final VirtualKey key;

        Issued(byte[] sha256, VirtualKey key) {
            this.sha256 = sha256;
            this.key = key;
        }
    }

    /** Who presents a key. */
    public sealed interface Identity {
        record Known(Caller caller) implements Identity {}

        /** No key was sent and one is needed. */
        record Missing() implements Identity {}

        /** Not one of ours, or not any more: callers are not told which. */
        record Unknown() implements Identity {}
    }

    /**
     * Says who presents this key.
     *
     * @param presented what stands in the place of the provider's API key; anything that does not
     *     begin with {@link VirtualKey#PREFIX} is a placeholder that an SDK insisted on, not a key
     */
    public Identity identify(@Nullable String presented, Instant now) {
        if (presented == null || !presented.startsWith(VirtualKey.PREFIX)) {
            return withoutKey == null ? new Identity.Missing() : new Identity.Known(withoutKey);
        }
        byte[] hash = sha256(presented);
        Issued issued = bySha256.get(ByteBuffer.wrap(hash));
        if (issued == null
                || !MessageDigest.isEqual(issued.sha256, hash)
                || !now.isBefore(issued.key.expires())) {
            return new Identity.Unknown();
        }
        return new Identity.Known(issued.key.caller());
    }

    private static byte[] sha256(String text) {
        return SHA256.get().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
