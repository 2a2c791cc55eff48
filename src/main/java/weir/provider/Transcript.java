package weir.provider;

import io.vertx.core.buffer.Buffer;
import weir.usage.Usage;

/**
 * What a stream has shown so far, where all that is billed is shown: how much output it can have
 * been at most, and how to end it early in the vendor's own words.
 *
 * <p>Output is counted in bytes of generated text, without the JSON around it: no token is shorter
 * than a byte. What a token stands for and no text shows (the beginning of a message, of a call of
 * a tool) has a name, an id or a type in the event that tells of it, and those are counted too. An
 * event of a shape that is not known counts whole.
 */
public interface Transcript {
    /** No more output tokens than these have been seen, over all choices. */
    long outputTokens();

    /** Whether more output may come; false once the provider has said why it stopped. */
    boolean isOpen();

    /**
     * The events that end an open stream as the vendor ends one whose output cap is reached.
     *
     * @param charged what the caller is told that it used
     */
    Buffer ending(Usage charged);

    /** One that is still being written, event by event. */
    interface Draft extends Transcript {
        /** The next event's data, in the first {@code length} bytes. */
        void event(byte[] data, int length);

        /** The stream's own mark of its end. */
        void sentinel();
    }
}
