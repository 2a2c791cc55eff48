package weir.provider;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import weir.usage.UsageReport;

/**
 * Watches one response go by. Reads what it used; changes nothing but the usage event that Weir
 * asked for.
 */
public interface UsageReader {
    /** Looks at the next bytes of the body and returns those to pass on now, possibly none. */
    Buffer read(Buffer chunk);

    /** The body has ended, or will not go on: returns what was held back and is not Weir's own. */
    Buffer end();

    /** What has been seen so far. */
    UsageReport report();

    /** Work that this answer has only begun, once that is known; null where it is all there is. */
    default @Nullable Job job() {
        return null;
    }

    /**
     * What a stream has shown, which then passes in whole events; null where not all that is billed
     * is seen as it passes.
     */
    default @Nullable Transcript transcript() {
        return null;
    }
}
