package weir.app.config;

/**
 * Notices that weir.yaml, or a secret that it names, has changed. It has no thread and no clock of
 * its own: call {@link #poll} about once a second from a thread that may block on a disk.
 *
 * <p>It polls because that works everywhere: file events do not arrive for links that Kubernetes
 * swaps above the watched folder, nor from network file systems.
 *
 * <p>The usual turn: {@code if (watcher.poll()) { result = ConfigFile.read(…);
 * watcher.watch(result.files()); … }}. The stamps in {@code result.files()} are older than what was
 * read, so nothing that is written meanwhile goes unnoticed.
 */
public final class ConfigWatcher {
    private FileStamps last;

    public ConfigWatcher(FileStamps files) {
        this.last = files;
    }

    /** Watches these files from now on, and compares with how they were when they were read. */
    public synchronized void watch(FileStamps files) {
        last = files;
    }

    /** Whether a watched file has changed since it was read or since the last {@code true}. */
    public synchronized boolean poll() {
        FileStamps now = last.again();
        boolean changed = changed(last, now);
        last = now;
        return changed;
    }

    static boolean changed(FileStamps previous, FileStamps now) {
        return !previous.equals(now);
    }
}
