package weir.key.cloud;

/** Why there is no proof, in words for operators; never holds a secret, nor what a server sent. */
final class ProofException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProofException(String message) {
        super(message, null, false, false);
    }
}
