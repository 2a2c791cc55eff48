package weir.key;

/**
 * An upstream credential: what the sidecar holds and the application never sees.
 *
 * @param name for logs and metrics
 */
public record Credential(String name, ProofSource source) {
    /** One that is a plain secret. */
    public static Credential of(String name, Secret secret) {
        return new Credential(name, ProofSource.of(secret));
    }
}
