package weir.ledger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What Redis has been told lately, the oldest first; forgotten by itself.
 *
 * <p>Nearly nothing of it is ever read again, and all of it lives for a minute or two. As objects
 * it would fill the heap's old generation once in some minutes; so it is kept as bytes, on pages
 * that are used again.
 */
final class Recent {
    /** 12 MB: two minutes of some 200 settlements a second; the oldest go first. */
    static final int MAX_PAGES = 192;

    private static final int PAGE_BYTES = 64 << 10;

    /** A page with less room than this is full: a usual entry takes 500 bytes. */
    private static final int ROOM_BYTES = 4 << 10;

    /** Kept for so long, at most twice as long: far longer than a replica is behind. */
    private static final long KEEP_MILLIS = 60_000;

    private final Vertx vertx;

    /** In this period, and in the one before. */
    private Deque<ByteBuf> kept = new ArrayDeque<>();

    private Deque<ByteBuf> keptBefore = new ArrayDeque<>();
    private final Deque<ByteBuf> spare = new ArrayDeque<>();
    private boolean timerSet;

    Recent(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(List<String> keys, List<String> args) {
        ByteBuf page = kept.peekLast();
        if (page == null || PAGE_BYTES - page.writerIndex() < ROOM_BYTES) {
            page = freshPage();
            kept.add(page);
        }
        write(keys, page);
        write(args, page);
        if (!timerSet) {
            timerSet = true;
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }

    /**
     * All that is kept.
     *
     * @param make from keys and arguments
     */
    <T> List<T> all(BiFunction<List<String>, List<String>, T> make) {
        List<T> all = new ArrayList<>();
        for (Deque<ByteBuf> pages : List.of(keptBefore, kept)) {
            for (ByteBuf page : pages) {
                ByteBuf rest = page.duplicate();
                while (rest.isReadable()) {
                    all.add(make.apply(read(rest), read(rest)));
                }
            }
        }
        return all;
    }

    private ByteBuf freshPage() {
        if (kept.size() + keptBefore.size() >= MAX_PAGES) {
            return (keptBefore.isEmpty() ? kept : keptBefore).remove().clear();
        }
        ByteBuf used = spare.poll();
        return used == null ? Unpooled.buffer() : used.clear();
    }

    private void forget() {
        spare.clear();
        spare.addAll(keptBefore);
        keptBefore = kept;
        kept = new ArrayDeque<>();
        timerSet = !keptBefore.isEmpty();
        if (timerSet) {
            vertx.setTimer(KEEP_MILLIS, t -> forget());
        }
    }

    private static void write(List<String> texts, ByteBuf to) {
        to.writeInt(texts.size());
        for (String text : texts) {
            int at = to.writerIndex();
            to.writeInt(0);
            to.setInt(at, to.writeCharSequence(text, StandardCharsets.UTF_8));
        }
    }

    private static List<String> read(ByteBuf from) {
        int size = from.readInt();
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int bytes = from.readInt();
            texts.add(from.readCharSequence(bytes, StandardCharsets.UTF_8).toString());
        }
        return texts;
    }
}
