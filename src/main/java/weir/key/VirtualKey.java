package weir.key;

import java.time.Instant;
import java.util.HexFormat;

/**
 * A key that Weir issues to an application, known by its hash only.
 *
 * @param sha256 of the whole key as sent, in lower-case hexadecimal
 * @param caller who presents it
 * @param expires from when on it is refused; {@link Instant#MAX} for never
 */
public record VirtualKey(String sha256, Caller caller, Instant expires) {
    /** What every virtual key begins with. */
    public static final String PREFIX = "wk_";

    /**
     * @throws IllegalArgumentException if the hash is not 64 hexadecimal digits
     */
    public VirtualKey {
        if (HexFormat.of().parseHex(sha256).length != 32) {
            throw new IllegalArgumentException("a SHA-256 hash has 64 hexadecimal digits");
        }
    }
}
