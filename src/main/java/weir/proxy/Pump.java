package weir.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;
import weir.proxy.Frames.Stop;

/**
 * One direction of a session. Bytes go on as they came; where somebody has to agree before a
 * message is whole for its receiver, the last of it waits here, and nothing is read behind it.
 *
 * <p>Back-pressure: while the receiver's socket is full, the sender's is not read.
 */
final class Pump {
    interface Events extends Guard {
        /** Bytes came, or the receiver has made room. */
        void moving();

        /** The receiver reads more slowly than the sender writes. */
        void stalled(Pump pump);

        /**
         * A message has been read, or a close frame.
         *
         * @return whether it may go on now; if not, {@link Pump#release} lets it
         */
        boolean mayPass(Pump pump, Stop what);

        /** The sender's socket is closed, and all that came of it has gone on. */
        void ended(Pump pump);

        /** The receiver has been told the last words. */
        void said();
    }

    /** Where bytes go. */
    interface Outlet {
        /** Completes when the kernel has them, or nobody wants them any more. */
        Future<Void> write(Buffer bytes);
    }

    /**
     * So much may be on its way into the receiver's socket. It is counted here: Vert.x 4.5.27 never
     * says that the socket of a request that was upgraded is full.
     */
    private static final int MAX_UNDER_WAY_BYTES = 64 << 10;

    private final NetSocket from;
    private final Outlet to;
    private final Frames frames;
    private final Events events;

    /** What waits, and behind it what came before the sender's socket was paused. */
    private @Nullable Buffer held;

    /** So much of it has been read. */
    private int heldRead;

    private @Nullable Buffer lastWords;
    private @Nullable Runnable lingering;
    private boolean reading;
    private boolean full;
    private boolean muted;
    private boolean ended;
    private boolean over;
    private long underWay;
    private long bytes;

    Pump(NetSocket from, Outlet to, Frames frames, Events events) {
        this.from = from;
        this.to = to;
        this.frames = frames;
        this.events = events;
    }

    /** Bytes that have gone on. */
    long bytes() {
        return bytes;
    }

    void begin() {
        from.handler(chunk -> events.guarded(() -> chunk(chunk)));
        from.endHandler(end -> events.guarded(this::end));
        from.exceptionHandler(gone -> events.guarded(this::end));
        from.closeHandler(closed -> events.guarded(this::end));
    }

    void chunk(Buffer chunk) {
        if (lingering != null) {
            awaitClose(chunk, 0);
            return;
        } else if (over) {
            return;
        }
        events.moving();
        if (held == null) {
            read(chunk, 0);
        } else {
            held = Buffer.buffer().appendBuffer(held).appendBuffer(chunk);
        }
    }

    /** Sends on what is read, up to what has to wait. */
    private void read(Buffer chunk, int readAlready) {
        reading = true;
        int at = pass(chunk, readAlready);
        reading = false;
        write(chunk.slice(0, at));
        if (over) {
            return;
        } else if (lastWords != null && isBetween()) {
            say(lastWords);
        } else if (ended && held == null) {
            finish();
        }
    }

    /** Returns how much of it may go on. */
    private int pass(Buffer chunk, int readAlready) {
        int at = readAlready;
        while (at < chunk.length() && !over) {
            int next = frames.read(chunk, at);
            if (frames.stop() != Stop.CHUNK && !events.mayPass(this, frames.stop())) {
                held = chunk.slice(at, chunk.length());
                heldRead = next - at;
                flow();
                return at;
            }
            at = next;
            if (lastWords != null && frames.between()) {
                return at;
            }
        }
        return at;
    }

    /** What waits may go on. */
    void release() {
        Buffer waiting = held;
        if (waiting != null && !over) {
            held = null;
            read(waiting, heldRead);
            flow();
        }
    }

    /** Whether its receiver has been sent whole messages only. */
    boolean isBetween() {
        return held == null && frames.between();
    }

    private void write(Buffer chunk) {
        if (chunk.length() == 0 || muted) {
            return;
        }
        bytes += chunk.length();
        underWay += chunk.length();
        to.write(chunk).onComplete(gone -> events.guarded(() -> written(chunk.length())));
        if (underWay > MAX_UNDER_WAY_BYTES && !full) {
            full = true;
            flow();
            events.stalled(this);
        }
    }

    private void written(int length) {
        underWay -= length;
        if (full && underWay <= MAX_UNDER_WAY_BYTES / 2) {
            full = false;
            if (!over) {
                events.moving();
                flow();
            }
        }
    }

    private void flow() {
        if (full || held != null) {
            from.pause();
        } else if (!ended) {
            from.resume();
        }
    }

    /** Says this to the receiver, as soon as the message that it is being sent is whole. */
    void end(Buffer words) {
        if (over) {
            return;
        }
        lastWords = words;
        if (!reading && isBetween()) {
            say(words);
        }
    }

    private void say(Buffer words) {
        over = true;
        bytes += words.length();
        to.write(words);
        events.said();
    }

    private void end() {
        if (!ended) {
            ended = true;
            if (held == null) {
                finish();
            }
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            events.ended(this);
        }
    }

    /** The receiver is gone: what comes is read, and goes nowhere. */
    void mute() {
        muted = true;
        full = false;
        flow();
    }

    /**
     * Nothing goes on any more, but what comes is read: to close a socket that has unread bytes
     * resets it, and a reset can overtake the last words.
     *
     * @param done run when the sender has said its close
     */
    void linger(Runnable done) {
        Buffer rest = held == null ? Buffer.buffer() : held;
        int read = held == null ? 0 : heldRead;
        abandon();
        full = false;
        lingering = done;
        awaitClose(rest, read);
        flow();
    }

    private void awaitClose(Buffer chunk, int from) {
        int at = from;
        while (at < chunk.length() && lingering != null) {
            at = frames.read(chunk, at);
            if (frames.stop() == Stop.CLOSE) {
                lingering.run();
                lingering = null;
            }
        }
    }

    /** Nothing goes on any more. */
    void abandon() {
        over = true;
        held = null;
    }
}
