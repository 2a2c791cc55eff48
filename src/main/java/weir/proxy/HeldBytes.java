package weir.proxy;

import java.util.concurrent.atomic.AtomicLong;

/** How much of request bodies the process holds: the bound on one body is none on all of them. */
public final class HeldBytes {
    /** Eight of the largest bodies, or some 50,000 ordinary ones. */
    private static final long MAX_BYTES = 256L << 20;

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    /**
     * A body is copied while it grows and again when it is sent, so all of them may have a quarter.
     *
     * @param heapBytes of this process, at most
     */
    public HeldBytes(long heapBytes) {
        maxBytes = Math.min(MAX_BYTES, heapBytes / 4);
    }

    /** Takes room for so many bytes, unless there is none. */
    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }
}
