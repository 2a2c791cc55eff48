package weir.proxy;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.EnumSet;
import java.util.Set;
import weir.provider.SessionReader.Side;

/** Both ends of a session, and what goes between them. */
final class Tunnel {
    /** RFC 6455, section 7.4.1. */
    private static final int GOING_AWAY = 1001;

    /** Who is told goodbye answers at once, or will not. */
    private static final long LINGER_MILLIS = 5_000;

    private final NetSocket caller;
    private final NetSocket provider;
    private final ConnectionBase line;
    private final Pump up;
    private final Pump down;
    private final Set<Side> told = EnumSet.noneOf(Side.class);

    Tunnel(
            NetSocket caller,
            HttpClientResponse agreed,
            Frames sent,
            Frames received,
            Pump.Events events) {
        this.caller = caller;
        this.provider = agreed.netSocket();
        this.line = (ConnectionBase) agreed.request().connection();
        this.up = new Pump(caller, this::send, sent, events);
        this.down = new Pump(provider, caller::write, received, events);
    }

    private Future<Void> send(Buffer bytes) {
        Promise<Void> sent = Promise.promise();
        line.writeToChannel(Unpooled.wrappedBuffer(bytes.getBytes()), written -> sent.complete());
        return sent.future();
    }

    /**
     * Begins.
     *
     * @param first of what the caller has sent already
     */
    void begin(Buffer first) {
        down.begin();
        up.begin();
        if (first.length() > 0) {
            up.chunk(first);
        }
        caller.resume();
        provider.resume();
    }

    /** From the caller to the provider. */
    Pump up() {
        return up;
    }

    /** From the provider to the caller. */
    Pump down() {
        return down;
    }

    /** This side knows that the session is over, or is gone itself. */
    void tell(Side side) {
        told.add(side);
    }

    boolean hasTold(Side side) {
        return told.contains(side);
    }

    /**
     * Closes both ends; who does not know yet, and has heard whole messages, is told first. A
     * caller is waited for until it has heard, and says so.
     */
    void close(Alarm alarm) {
        if (!hasTold(Side.PROVIDER) && up.isBetween()) {
            send(Frames.close(GOING_AWAY, "", true));
        }
        boolean hears = hasTold(Side.CALLER) || down.isBetween();
        if (!hasTold(Side.CALLER) && hears) {
            caller.write(Frames.close(GOING_AWAY, "", false));
        }
        down.abandon();
        line.close();
        if (hears && !hasTold(Side.PROVIDER)) {
            Runnable alarmOff = alarm.set(LINGER_MILLIS, caller::close);
            up.linger(() -> {
                alarmOff.run();
                caller.close();
            });
        } else {
            up.abandon();
            caller.close();
        }
    }
}
