package weir.redis;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A Redis that stands still until this is closed: connections stay open, nothing is answered. Of
 * processes only ({@link TestRedis#startWith}).
 */
public final class Frozen implements AutoCloseable {
    private final long pid;

    public Frozen(TestRedis redis) {
        this.pid = redis.pid();
        signal("STOP");
    }

    @Override
    public void close() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
