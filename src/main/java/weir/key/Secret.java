package weir.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A provider's secret. It shows itself to nobody but {@link #reveal}. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** For the one header that needs it. */
    public String reveal() {
        return value;
    }

    /** Equal secrets are the same one, so that a reload can tell what has changed. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8),
                        secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
