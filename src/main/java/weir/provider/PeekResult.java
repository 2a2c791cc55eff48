package weir.provider;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What looking at a request body found: a {@link Peek}, why it cannot be read, or that what it asks
 * for stands in a file.
 */
public sealed interface PeekResult permits Peek, PeekResult.Malformed, PeekResult.InFile {
    /**
     * @param message says what is wrong and what is allowed
     * @param field the top-level field that is wrong, if it is one
     */
    record Malformed(String message, @Nullable String field) implements PeekResult {}

    /**
     * The body names a file that was sent to the vendor before.
     *
     * @param target path and query below the provider's name, where the vendor returns it
     * @param reader of this one file
     */
    record InFile(String target, FileReader reader) implements PeekResult {}

    /** Peeks at a file as it goes by. */
    interface FileReader {
        void read(Buffer chunk);

        /** How much of the file is kept at the moment. */
        int heldBytes();

        /** What is wrong with what was read so far, if something is: no more has to be read. */
        @Nullable Malformed problem();

        /**
         * The file has been read to its end.
         *
         * @return never a file again
         */
        PeekResult end();
    }
}
