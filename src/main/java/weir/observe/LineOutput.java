package weir.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Standard output, which belongs to the lines of JSON: each is one write of the operating system,
 * done when this returns, so that a process that is killed has lost none. A logging framework would
 * format and copy it several times on the event loop.
 */
public final class LineOutput implements Consumer<String> {
    private static final Logger LOG = Logger.getLogger(LineOutput.class);

    private final OutputStream out;
    private final AtomicBoolean told = new AtomicBoolean();

    public LineOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    LineOutput(OutputStream out) {
        this.out = out;
    }

    /** Writes a line; says so once if nobody reads any more. */
    @Override
    public void accept(String line) {
        byte[] bytes = line.concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            // Event loops share it, and a pipe takes more than 4 KiB in parts.
            synchronized (out) {
                out.write(bytes);
            }
        } catch (IOException e) {
            if (!told.getAndSet(true)) {
                LOG.warn("standard output takes no more lines", e);
            }
        }
    }
}
