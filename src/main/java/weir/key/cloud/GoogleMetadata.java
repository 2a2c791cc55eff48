package weir.key.cloud;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;

/**
 * The metadata server of Google's machines, and of GKE's pods with workload identity. It says who
 * it is by a header, so that nobody else's answer is taken for its own.
 */
record GoogleMetadata(Outside outside) implements Issuer {
    private static final String HOST = "GCE_METADATA_HOST";
    private static final String FLAVOR = "Metadata-Flavor";
    private static final String PATH =
            "/computeMetadata/v1/instance/service-accounts/default/token";

    @Override
    public Future<Issued> issue() {
        String host =
                Objects.requireNonNullElse(outside.variable(HOST), "metadata.google.internal");
        return outside.get(Outside.url("http://" + host + PATH, HOST), Map.of(FLAVOR, "Google"))
                .map(answer -> {
                    if (!"Google".equals(answer.headers().get(FLAVOR))) {
                        throw new ProofException(
                                answer.from() + ": answered, but is not Google's metadata server");
                    }
                    return Issued.oauth(answer, outside.nowMillis());
                });
    }
}
