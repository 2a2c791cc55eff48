package weir.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetSocket;

/** Both ends of a session, and what goes between them. */
final class Tunnel {
    /** RFC 6455, section 7.4.1. */
    private static final int GOING_AWAY = 1001;

    private final NetSocket caller;
    private final NetSocket provider;
    private final HttpConnection line;
    private final Pump up;
    private final Pump down;

    Tunnel(
            NetSocket caller,
            HttpClientResponse agreed,
            Frames sent,
            Frames received,
            Pump.Events events) {
        this.caller = caller;
        this.provider = agreed.netSocket();
        this.line = agreed.request().connection();
        this.up = new Pump(caller, provider, sent, events);
        this.down = new Pump(provider, caller, received, events);
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

    /** Closes both ends; who has not been told so, and has heard whole messages, is told first. */
    void close(boolean providerKnows, boolean callerKnows) {
        if (!providerKnows && up.isBetween()) {
            provider.write(Frames.close(GOING_AWAY, "", true));
        }
        if (!callerKnows && down.isBetween()) {
            caller.write(Frames.close(GOING_AWAY, "", false));
        }
        up.abandon();
        down.abandon();
        line.close();
        caller.close();
    }
}
