package weir.provider;

import org.jspecify.annotations.Nullable;

/** What looking at a request body found: a {@link Peek}, or why it cannot be read. */
public sealed interface PeekResult permits Peek, PeekResult.Malformed {
    /**
     * @param message says what is wrong and what is allowed
     * @param field the top-level field that is wrong, if it is one
     */
    record Malformed(String message, @Nullable String field) implements PeekResult {}
}
