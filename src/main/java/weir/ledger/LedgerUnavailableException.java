package weir.ledger;

import org.jspecify.annotations.Nullable;

/** The ledger did not answer in time, or said something that cannot be understood. */
public final class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String limit;

    public LedgerUnavailableException(String message) {
        super(message);
        this.limit = null;
    }

    public LedgerUnavailableException(String message, Throwable cause) {
        super(message, cause);
        this.limit = null;
    }

    private LedgerUnavailableException(LedgerUnavailableException cause, String limit) {
        super(cause.getMessage(), cause);
        this.limit = limit;
    }

    /** The same, where a limit of this name does not let the request pass without a ledger. */
    LedgerUnavailableException inTheWay(String name) {
        return new LedgerUnavailableException(this, name);
    }

    /** The limit that does not let the request pass without a ledger; null where none was asked. */
    public @Nullable String limit() {
        return limit;
    }
}
