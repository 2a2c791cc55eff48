package loadtest;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the simulated provider has seen. Tests wait on its futures instead of sleeping. Where
 * recording is off, exchanges are counted and not kept.
 */
public final class Recorder {
    /** Older exchanges are forgotten: a load test must not fill the memory. */
    public static final int KEPT_EXCHANGES = 10_000;

    private record Wait(long count, CompletableFuture<Void> done) {}

    private final Deque<Exchange> ring = new ArrayDeque<>();
    private final Map<Exchange.Ending, Long> endings = new EnumMap<>(Exchange.Ending.class);
    private final List<Wait> seenWaits = new ArrayList<>();
    private final List<Wait> idleWaits = new ArrayList<>();
    private final List<Wait> connectionWaits = new ArrayList<>();
    private long begun;
    private long seen;
    private long over;
    private long connections;
    private long connectionsOpened;

    synchronized Exchange begin(HttpServerRequest request) {
        return new Exchange(++begun, request);
    }

    synchronized void add(Exchange exchange, boolean keep) {
        seen++;
        if (keep) {
            if (ring.size() == KEPT_EXCHANGES) {
                ring.removeFirst();
            }
            ring.addLast(exchange);
        }
        release(seenWaits, seen);
    }

    synchronized void ended(Exchange.Ending ending) {
        over++;
        endings.merge(ending, 1L, Long::sum);
        release(idleWaits, inFlight() == 0 ? Long.MAX_VALUE : 0);
    }

    synchronized void opened() {
        connections++;
        connectionsOpened++;
    }

    synchronized void closed() {
        connections--;
        release(connectionWaits, connections == 0 ? Long.MAX_VALUE : 0);
    }

    /** Requests that arrived, body included; those that broke off on the way count too. */
    public synchronized long seen() {
        return seen;
    }

    /** Exchanges that are over in this way. */
    public synchronized long count(Exchange.Ending ending) {
        return endings.getOrDefault(ending, 0L);
    }

    /** Requests that arrived and are not over. */
    public synchronized long inFlight() {
        return seen - over;
    }

    /** Connections that are open now. */
    public synchronized long connections() {
        return connections;
    }

    /** Connections that were ever opened: says whether a client keeps them alive. */
    public synchronized long connectionsOpened() {
        return connectionsOpened;
    }

    /** Completes when at least {@code count} requests have been seen. */
    public synchronized CompletableFuture<Void> seen(long count) {
        return await(seenWaits, count, seen);
    }

    /** Completes when no exchange is in flight. */
    public synchronized CompletableFuture<Void> idle() {
        return await(idleWaits, 1, inFlight() == 0 ? 1 : 0);
    }

    /** Completes when the last connection is closed. */
    public synchronized CompletableFuture<Void> disconnected() {
        return await(connectionWaits, 1, connections == 0 ? 1 : 0);
    }

    /** The exchanges that are still kept, the oldest first. */
    public synchronized List<Exchange> exchanges() {
        return List.copyOf(ring);
    }

    /**
     * The newest exchange that is kept.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public synchronized Exchange last() {
        return ring.getLast();
    }

    private static CompletableFuture<Void> await(List<Wait> waits, long count, long now) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (now >= count) {
            done.complete(null);
        } else {
            waits.add(new Wait(count, done));
        }
        return done;
    }

    /**
     * Waiters go on in a thread of their own: what they do next must not hold this lock or an event
     * loop.
     */
    private static void release(List<Wait> waits, long now) {
        for (Iterator<Wait> i = waits.iterator(); i.hasNext(); ) {
            Wait wait = i.next();
            if (now >= wait.count()) {
                i.remove();
                CompletableFuture<Void> unused = wait.done().completeAsync(() -> null);
            }
        }
    }
}
