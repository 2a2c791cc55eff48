package weir.provider;

import org.jspecify.annotations.Nullable;
import weir.usage.UsageReport;

/**
 * What one response has told so far, in one vendor's terms. It is filled by that vendor's {@link
 * Fields}, from one JSON document after another: the events of a stream, or the one body.
 */
interface Findings {
    /** A document begins: what the last one said must not be mixed up with it. */
    default void begin() {}

    /** Whether an event may say something that has to be read; told without parsing it. */
    default boolean wants(byte[] data, int length) {
        return EventReader.reportsUsage(data, length);
    }

    /** The document was valid to its end: what it said may be believed. */
    void end();

    /** Whether the document that just ended reports usage and holds nothing else for the caller. */
    default boolean onlyUsage() {
        return false;
    }

    /** Work that the document has only begun; null where it is all there is. */
    default @Nullable Job job() {
        return null;
    }

    /**
     * The stream's own mark of its end was seen ({@code [DONE]}). Most vendors have none, or none
     * that says something new.
     */
    default void sentinel() {}

    /**
     * What is known now.
     *
     * @param outputBytes bytes of data that passed, see {@link UsageReport#outputBytes}
     */
    UsageReport report(long outputBytes);
}
