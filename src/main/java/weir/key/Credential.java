package weir.key;

/**
 * An upstream credential: what the sidecar holds and the application never sees.
 *
 * @param name for logs and metrics
 */
public record Credential(String name, Secret secret) {}
