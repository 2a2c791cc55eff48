package weir.observe;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;

/**
 * One receiver of news, from weir.yaml.
 *
 * @param name unique in the file; what logs and metrics call it
 * @param url http or https; its path may be a secret, so logs name the webhook only
 * @param ca certificates to trust instead of the system's, in PEM; null for the system's
 */
public record Webhook(String name, URI url, Secret secret, @Nullable Path ca) {}
