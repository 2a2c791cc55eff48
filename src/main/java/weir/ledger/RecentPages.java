package weir.ledger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The memory of what Redis has been told lately, for all ledgers of one event loop; a cluster has
 * one for each slot. Pages grow with what is written on them and are used again.
 */
final class RecentPages {
    /** 12 MB: two minutes of some 200 settlements a second; the oldest go first. */
    static final long MAX_BYTES = 12 << 20;

    /** A page that is full. */
    static final int PAGE_BYTES = 64 << 10;

    /** Kept for so long, at most twice as long: far longer than a replica is behind. */
    private static final long KEEP_MILLIS = 60_000;

    /** What one ledger has been told within one period. */
    record Page(Recent owner, ByteBuf bytes, int period) {}

    private final Vertx vertx;

    /** In use, in the order in which they were begun: each owner has its own in the same order. */
    private final Deque<Page> begun = new ArrayDeque<>();

    private final Deque<ByteBuf> spare = new ArrayDeque<>();
    private long bytes;
    private int period;
    private boolean timerSet;

    RecentPages(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Nothing is added to a page of an earlier one. */
    int period() {
        return period;
    }

    /** Of all pages, those in use and those to be used again. */
    long bytes() {
        return bytes;
    }

    Page begin(Recent owner) {
        if (spare.isEmpty() && bytes > MAX_BYTES - PAGE_BYTES && isFull(begun.peek())) {
            spare.add(end());
        }
        ByteBuf used = spare.poll();
        Page page = new Page(owner, used == null ? Unpooled.buffer(0) : used.clear(), period);
        begun.add(page);
        if (!timerSet) {
            timerSet = true;
            vertx.setTimer(KEEP_MILLIS, t -> turn());
        }
        return page;
    }

    /** A page has grown by so much. */
    void grew(int byBytes) {
        bytes += byBytes;
        while (bytes > MAX_BYTES) {
            ByteBuf least = spare.isEmpty() ? end() : spare.remove();
            bytes -= least.capacity();
        }
    }

    private static boolean isFull(@Nullable Page page) {
        return page != null && page.bytes().capacity() >= PAGE_BYTES;
    }

    private ByteBuf end() {
        Page oldest = begun.remove();
        oldest.owner().forgetOldest();
        return oldest.bytes();
    }

    private void turn() {
        spare.forEach(s -> bytes -= s.capacity());
        spare.clear();
        period++;
        while (!begun.isEmpty() && begun.peek().period() < period - 1) {
            spare.add(end());
        }
        timerSet = !begun.isEmpty() || !spare.isEmpty();
        if (timerSet) {
            vertx.setTimer(KEEP_MILLIS, t -> turn());
        }
    }
}
