package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A provider of sessions that the test plays itself, one end of a WebSocket at a time. */
final class SessionProvider implements AutoCloseable {
    private static final String AGREES =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                    + "sec-websocket-accept: "
                    + WireSocket.ACCEPT
                    + "\r\nopenai-version: 2020-10-01\r\n\r\n";

    private final ServerSocket server;
    private final BlockingQueue<WireSocket> sessions = new LinkedBlockingQueue<>();
    private volatile String answer = AGREES;

    SessionProvider(ServerSocket server) {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    SessionProvider() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Answers so from now on, in place of agreeing. */
    void answer(String whole) {
        answer = whole;
    }

    String authority() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                WireSocket session = new WireSocket(socket, false);
                session.readHead();
                session.raw(answer.getBytes(ISO_8859_1));
                sessions.add(session);
            }
        } catch (IOException closed) {
            sessions.clear();
        }
    }

    /** The provider's end of the next session; waits for it. */
    WireSocket session() {
        try {
            @Nullable WireSocket session = sessions.poll(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (session == null) {
                throw new IllegalStateException("nobody came");
            }
            return session;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether nobody has come so far. */
    boolean isAlone() {
        return sessions.isEmpty();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
