package weir.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The virtual keys, found by the hash of what a caller sent. Looking up a hash tells an attacker
 * who measures time about the hash at most, never about the key; the last comparison takes constant
 * time all the same.
 */
public final class KeyRing {
    private final Map<String, VirtualKey> bySha256;
    private final @Nullable Caller withoutKey;

    /**
     * Holds these keys.
     *
     * @param withoutKey who a call without a virtual key is; null to demand a key
     */
    public KeyRing(Collection<VirtualKey> keys, @Nullable Caller withoutKey) {
        this.bySha256 =
                keys.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        VirtualKey::sha256, Function.identity()));
        this.withoutKey = withoutKey;
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
        VirtualKey key = bySha256.get(HexFormat.of().formatHex(hash));
        if (key == null
                || !MessageDigest.isEqual(HexFormat.of().parseHex(key.sha256()), hash)
                || !now.isBefore(key.expires())) {
            return new Identity.Unknown();
        }
        return new Identity.Known(key.caller());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
