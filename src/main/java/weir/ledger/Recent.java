package weir.ledger;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import weir.ledger.RecentPages.Page;

/**
 * What Redis has been told lately, the oldest first; forgotten by itself.
 *
 * <p>Nearly nothing of it is ever read again, and all of it lives for a minute or two. As objects
 * it would fill the heap's old generation once in some minutes; so it is kept as bytes, on pages
 * that are used again.
 */
final class Recent {
    /** A page with less room than this is full: a usual entry takes 500 bytes. */
    private static final int ROOM_BYTES = 4 << 10;

    private final RecentPages memory;
    private final Deque<Page> pages = new ArrayDeque<>(1);

    Recent(RecentPages memory) {
        this.memory = memory;
    }

    void add(List<String> keys, List<String> args) {
        Page page = pages.peekLast();
        if (page == null
                || page.period() != memory.period()
                || RecentPages.PAGE_BYTES - page.bytes().writerIndex() < ROOM_BYTES) {
            page = memory.begin(this);
            pages.add(page);
        }
        int before = page.bytes().capacity();
        write(keys, page.bytes());
        write(args, page.bytes());
        memory.grew(page.bytes().capacity() - before);
    }

    /** Is told by the memory, which has other use for it. */
    void forgetOldest() {
        pages.remove();
    }

    /**
     * All that is kept.
     *
     * @param make from keys and arguments
     */
    <T> List<T> all(BiFunction<List<String>, List<String>, T> make) {
        List<T> all = new ArrayList<>();
        for (Page page : pages) {
            ByteBuf rest = page.bytes().duplicate();
            while (rest.isReadable()) {
                all.add(make.apply(read(rest), read(rest)));
            }
        }
        return all;
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
