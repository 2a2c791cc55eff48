package weir.key;

import io.vertx.core.Future;

/**
 * Where the proof of one upstream credential comes from: it is at hand, or somebody issues it and
 * it expires. Shared by all event loops.
 */
@FunctionalInterface
public interface ProofSource {
    /**
     * A proof that is valid now. Asked for each call: what is at hand is already completed. Fails
     * where none can be had, with a message that says why and holds no secret.
     */
    Future<Proof> proof();

    /**
     * A provider does not accept this proof, which {@link #proof} gave: where somebody issued it,
     * it is not given again.
     */
    default void notAccepted(Proof proof) {}

    /** A key that is what it is until the configuration changes. */
    static ProofSource of(Secret secret) {
        Future<Proof> proof = Future.succeededFuture(new Proof.Token(secret));
        return () -> proof;
    }
}
