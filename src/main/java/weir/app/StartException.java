package weir.app;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why the program cannot start, in words for an operator: told without a stack trace. */
final class StartException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
