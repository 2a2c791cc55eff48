package weir.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Standard output, which belongs to the lines of JSON: each is one write of the operating system,
 * done when this returns, so that a process that is killed has lost none. A logging framework would
 * format and copy it several times on the event loop.
 */
public final class LineOutput implements Consumer<String> {
    private static final Logger LOG = Logger.getLogger(LineOutput.class);

    /** What a pipe takes in one piece (pipe(7) calls it {@code PIPE_BUF}), as a file does any. */
    private static final int WHOLE_BYTES = 4_096;

    private final OutputStream out;

    /** Shared by lines that the system keeps whole, and held by one that it may not. */
    private final StampedLock lock = new StampedLock();

    private final AtomicBoolean told = new AtomicBoolean();

    public LineOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    LineOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a line; says so once if nobody reads any more.
     *
     * @param line with its end
     */
    @Override
    public void accept(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        // Event loops share it: one must not wait for another's line without need.
        long stamp = bytes.length <= WHOLE_BYTES ? lock.readLock() : lock.writeLock();
        try {
            out.write(bytes);
        } catch (IOException e) {
            if (!told.getAndSet(true)) {
                LOG.warn("standard output takes no more lines", e);
            }
        } finally {
            lock.unlock(stamp);
        }
    }
}
