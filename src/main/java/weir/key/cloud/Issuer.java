package weir.key.cloud;

import io.vertx.core.Future;

/** Who issues proofs: asked once for each, by one caller at a time. */
@FunctionalInterface
interface Issuer {
    /** A new proof; fails with a {@link ProofException} where there is none. */
    Future<Issued> issue();
}
